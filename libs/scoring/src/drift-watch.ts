import { CODED_FIELDS, type Coded, type Decision } from '@fraud/contract';
import { DriftMonitor, type Reading, type Watchable, type Window } from '@fraud/drift';
import { DRIFT_FEATURES, FEATURE_NAMES, VECTOR_LENGTH, type CurrentTransaction } from '@fraud/features';
import type { ServedModel, Serving } from '@fraud/model';
import type { Scored } from './scored.js';
import type { Vectors } from './to-vectors.js';
import { usableScore } from './usable-score.js';

/** What one model's traffic looks like beside the rows that it was trained on. */
export interface WatchedModel {
  readonly model: ServedModel;
  readonly monitor: DriftMonitor;
}

/** Of a window that ends now. */
export interface DriftOf {
  /** Of the model, as it was asked for. */
  readonly version: string;
  readonly referenceRows: number;
  readonly readings: readonly Reading[];
}

interface Turn {
  readonly rows: readonly CurrentTransaction[];
  readonly vectors: Vectors;
  readonly scored: Scored;
  readonly decided: readonly Decision[];
  readonly atMs: number;
}

/** An older model may have a reference of more than that. */
export const WATCHABLE: Watchable = {
  features: FEATURE_NAMES,
  watched: DRIFT_FEATURES,
  fields: CODED_FIELDS,
};

/**
 * Watches, behind the answers, whether what the models get and give still looks like what they were trained on. What is degraded is left out: its
 * features are defaults, and an outage is no drift. What is answered again, bypassed or replayed by a tool never comes here.
 */
export class DriftWatch {
  private readonly monitors = new WeakMap<ServedModel, DriftMonitor>();
  private waiting: Turn[] = [];

  /** @param serving the models that score now */
  constructor(
    private readonly serving: () => Serving,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Takes the rows of a turn.
   * @param vectors of those that were scored; not changed any more
   * @param decided in the order of the vectors
   */
  offer(
    rows: readonly CurrentTransaction[],
    vectors: Vectors,
    scored: Scored,
    decided: readonly Decision[],
  ): void {
    if (this.waiting.push({ rows, vectors, scored, decided, atMs: this.now() }) === 1)
      setImmediate(() => {
        this.take();
      });
  }

  /** The models that decide and say how their training rows were distributed. */
  get watched(): readonly WatchedModel[] {
    // What was answered is counted, also where it is asked for before its turn has come.
    this.take();
    const { active, candidate } = this.serving();
    const serving = new Set([active, candidate?.model ?? null]);
    return [...serving].flatMap((model) => {
      const monitor = this.monitorOf(model);
      return model === null || monitor === null ? [] : [{ model, monitor }];
    });
  }

  /** What each of them came to. */
  readings(window: Window): readonly DriftOf[] {
    return this.watched.map(({ model, monitor }) => ({
      version: model.version,
      referenceRows: monitor.reference.rows,
      readings: monitor.readings(window, this.now()),
    }));
  }

  private take(): void {
    const turns = this.waiting;
    this.waiting = [];
    for (const turn of turns) this.addTurn(turn);
  }

  private addTurn({
    rows,
    vectors: { rows: places, values },
    scored: { scores, active, rollout },
    decided,
    atMs,
  }: Turn): void {
    if (scores === null) return;
    const control = this.monitorOf(active);
    const candidate = this.monitorOf(rollout?.model ?? null);
    control?.at(atMs);
    candidate?.at(atMs);
    for (let n = 0; n < decided.length; n++) {
      const score = usableScore(scores.scores[n]);
      if (decided[n]!.degraded.length > 0 || score === null) continue;
      const monitor = rollout?.decides[n] === true ? candidate : control;
      const coded: Coded = rows[places[n]!]!.parsed.transaction;
      monitor?.add(values, n * VECTOR_LENGTH, score, coded);
    }
  }

  /** Null for a model that does not say how its training rows were distributed. */
  private monitorOf(model: ServedModel | null): DriftMonitor | null {
    const reference = model?.manifest.drift_reference;
    if (model === null || reference === undefined) return null;
    const known = this.monitors.get(model);
    if (known !== undefined) return known;
    const monitor = new DriftMonitor(reference, WATCHABLE);
    this.monitors.set(model, monitor);
    return monitor;
  }
}
