import { parseTransaction, type ParsedTransaction } from '@fraud/contract';
import {
  CATALOGUE,
  CATALOGUE_VERSION,
  FEATURE_NAMES,
  loadFxTable,
  MemoryFeatureStore,
  Pseudonyms,
  VECTOR_LENGTH,
} from '@fraud/features';
import { ENGINE_VERSION, type Config } from '@fraud/platform';
import { applyLabel } from './apply-label.js';
import { CommitQueue } from './commit-queue.js';
import type { ScoringContext } from './context.js';
import { score } from './pipeline.js';

/** The feature vectors of recorded traffic, by the pipeline that serves. For training. */
export interface FeatureReplay {
  readonly featureNames: readonly string[];
  /** Those that need history: missing when the store is down. */
  readonly stateFeatures: readonly string[];
  readonly catalogueVersion: string;
  /**
   * The vectors of transactions in event-time order, by row; each sees the effects of those before it.
   * @throws where a transaction is not valid, or comes twice
   */
  vectors(bodies: readonly unknown[]): Promise<Float32Array[]>;
  /** Notes that a transaction is known to be a fraud. */
  know(body: unknown): Promise<void>;
}

/** Opens a replay on an empty embedded store. No model runs and nothing is decided. */
export function openFeatureReplay(config: Config): FeatureReplay {
  const store = new MemoryFeatureStore({
    decisionTtlMs: config.STORED_DECISION_TTL_S * 1000,
    maxDecisions: 100_000,
  });
  const fx = loadFxTable(config.FX_FILE);
  const none = { step_up: 1, review: 1, decline: 1 };
  const context: ScoringContext = {
    store,
    commits: new CommitQueue(store, () => undefined),
    model: null,
    fx,
    pseudonyms: new Pseudonyms(config.PSEUDONYM_KEY),
    policy: { thresholds: none, degraded_thresholds: none, fail_action: 'review' },
    versions: {
      engine: ENGINE_VERSION,
      features: CATALOGUE_VERSION,
      model: '',
      model_sha256: '',
      policy: '',
      fx: fx.version,
    },
    observer: { turn: () => undefined, decided: () => undefined, failed: () => undefined },
    storeTimeoutMs: 1000,
    budgetMs: 1000,
  };
  const parse = (body: unknown): ParsedTransaction => {
    const parsed = parseTransaction(body);
    if (!parsed.ok) throw new Error(`not a valid transaction: ${JSON.stringify(parsed.errors)}`);
    return parsed;
  };
  return {
    featureNames: FEATURE_NAMES,
    stateFeatures: CATALOGUE.filter((f) => f.state !== 'none').map((f) => f.name),
    catalogueVersion: CATALOGUE_VERSION,
    async know(body) {
      await applyLabel(parse(body), true, context);
    },
    async vectors(bodies) {
      const arrivals = bodies.map((body) => ({ parsed: parse(body), arrivedAt: performance.now() }));
      let values: Float32Array = new Float32Array();
      await score(arrivals, context, (vectors) => {
        if (vectors.rows.length !== bodies.length) throw new Error('a transaction came twice');
        ({ values } = vectors);
      });
      return bodies.map((_, i) => values.slice(i * VECTOR_LENGTH, (i + 1) * VECTOR_LENGTH));
    },
  };
}
