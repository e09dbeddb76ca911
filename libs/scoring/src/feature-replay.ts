import { parseTransaction, type ParsedTransaction } from '@fraud/contract';
import {
  CATALOGUE,
  CATALOGUE_VERSION,
  FEATURE_NAMES,
  loadFxTable,
  MemoryFeatureStore,
  Pseudonyms,
  VECTOR_LENGTH,
  type FeatureStore,
} from '@fraud/features';
import type { Config } from '@fraud/platform';
import { applyLabel } from './apply-label.js';
import { score } from './pipeline.js';
import { replayContext } from './strategy.js';
import type { Vectors } from './to-vectors.js';

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
  /**
   * The same in any order and with repeats: the vectors of those that did not come before.
   * @throws where a transaction is not valid
   */
  newVectors(bodies: readonly unknown[]): Promise<Vectors>;
  /** Notes whether a transaction is known to be a fraud. */
  know(body: unknown, fraud?: boolean): Promise<void>;
}

/**
 * Opens a replay. No model runs, and what is stored as decided is no decision.
 * @param store where histories go; without one, an embedded store for a replay without repeats
 */
export function openFeatureReplay(config: Config, store: FeatureStore = embedded(config)): FeatureReplay {
  const tables = { fx: loadFxTable(config.FX_FILE), pseudonyms: new Pseudonyms(config.PSEUDONYM_KEY) };
  const context = replayContext(tables, store);
  const parse = (body: unknown): ParsedTransaction => {
    const parsed = parseTransaction(body);
    if (!parsed.ok) throw new Error(`not a valid transaction: ${JSON.stringify(parsed.errors)}`);
    return parsed;
  };
  const newVectors = async (bodies: readonly unknown[]): Promise<Vectors> => {
    const arrivals = bodies.map((body) => ({ parsed: parse(body), arrivedAt: performance.now() }));
    let fresh: Vectors = { rows: [], values: new Float32Array(), repeated: [], saturated: new Uint8Array() };
    await score(arrivals, context, (vectors) => {
      fresh = vectors;
    });
    return fresh;
  };
  return {
    newVectors,
    featureNames: FEATURE_NAMES,
    stateFeatures: CATALOGUE.filter((f) => f.state !== 'none').map((f) => f.name),
    catalogueVersion: CATALOGUE_VERSION,
    async know(body, fraud = true) {
      await applyLabel(parse(body), fraud, context);
    },
    async vectors(bodies) {
      const { rows, values } = await newVectors(bodies);
      if (rows.length !== bodies.length) throw new Error('a transaction came twice');
      return bodies.map((_, i) => values.slice(i * VECTOR_LENGTH, (i + 1) * VECTOR_LENGTH));
    },
  };
}

function embedded(config: Config): FeatureStore {
  return new MemoryFeatureStore({
    decisionTtlMs: config.STORED_DECISION_TTL_S * 1000,
    maxDecisions: 100_000,
  });
}
