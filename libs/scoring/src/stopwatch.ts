import type { StageTimings } from '@fraud/contract';
import type { Arrival } from './arrival.js';

/** The stages whose time is measured. */
export const STAGES = ['queue', 'state', 'features', 'model', 'policy', 'record'] as const;
export type Stage = (typeof STAGES)[number];

/** Times one turn. */
export class Stopwatch {
  /** Milliseconds by stage; `queue` is the wait of the oldest row. */
  readonly stages: Record<Stage, number> = {
    queue: 0,
    state: 0,
    features: 0,
    model: 0,
    policy: 0,
    record: 0,
  };
  private readonly startedAt = performance.now();
  private last = this.startedAt;

  constructor(private readonly arrivals: readonly Arrival[]) {
    let oldest = this.startedAt;
    for (const { arrivedAt } of arrivals) if (arrivedAt < oldest) oldest = arrivedAt;
    this.stages.queue = this.startedAt - oldest;
  }

  /** How long the oldest row waited for the turn, ms. */
  get waitedMs(): number {
    return this.stages.queue;
  }

  lap(stage: Exclude<Stage, 'queue'>): void {
    const now = performance.now();
    this.stages[stage] = now - this.last;
    this.last = now;
  }

  /** What the answer of the i-th arrival shows, whole microseconds. */
  timings(i: number): StageTimings {
    const { arrivedAt } = this.arrivals[i]!;
    const { state, features, model, policy } = this.stages;
    return {
      queue: micros(this.startedAt - arrivedAt),
      state: micros(state),
      features: micros(features),
      model: micros(model),
      policy: micros(policy),
      total: micros(this.last - arrivedAt),
    };
  }
}

const micros = (ms: number): number => Math.round(ms * 1000);
