import { ARMS, OUTCOMES, type Decision } from '@fraud/contract';
import {
  REFUSALS,
  type LoadEvent,
  type ModelsObserver,
  type ServedModel,
  type Serving,
  type StoppedRollout,
} from '@fraud/model';
import { METRICS } from '@fraud/platform';
import type { ShadowComparison } from '@fraud/scoring';
import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge, Histogram } from 'prom-client';

/** Turns what becomes of the models into metrics and log lines. */
@Injectable()
export class ModelMetrics implements Omit<ModelsObserver, 'controlLost'> {
  private readonly logger = new Logger('Models');
  private readonly arms: ReadonlyMap<string, Counter.Internal>;
  private readonly comparisons: ReadonlyMap<string, Counter.Internal>;

  constructor(
    @InjectMetric(METRICS.modelInfo.name) private readonly info: Gauge,
    @InjectMetric(METRICS.modelLoads.name) private readonly loads: Counter,
    @InjectMetric(METRICS.rolloutDecisions.name) rolloutDecisions: Counter,
    @InjectMetric(METRICS.rolloutsStopped.name) private readonly stopped: Counter,
    @InjectMetric(METRICS.shadowDecisions.name) shadowDecisions: Counter,
    @InjectMetric(METRICS.shadowDifference.name) private readonly difference: Histogram,
  ) {
    const pairs = (first: readonly string[]) => first.flatMap((a) => OUTCOMES.map((b) => [a, b] as const));
    this.arms = new Map(
      pairs(ARMS).map(
        ([arm, decision]) => [arm + decision, rolloutDecisions.labels({ arm, decision })] as const,
      ),
    );
    this.comparisons = new Map(
      pairs(OUTCOMES).map(
        ([decision, shadow]) => [decision + shadow, shadowDecisions.labels({ decision, shadow })] as const,
      ),
    );
    // An increase needs the series before its first refusal.
    for (const result of ['loaded', ...Object.keys(REFUSALS)]) loads.labels({ result }).inc(0);
  }

  decided({ arm, decision }: Decision): void {
    if (arm !== undefined) this.arms.get(arm + decision)?.inc();
  }

  shadowed({ answered, score, shadow, shadowScore }: ShadowComparison): void {
    this.comparisons.get(answered + shadow)?.inc();
    if (score !== null) this.difference.observe(Math.abs(shadowScore - score));
  }

  loaded({ version, role, refused, milliseconds }: LoadEvent): void {
    this.loads.inc({ result: refused?.code ?? 'loaded' });
    const what = `model ${version ?? 'at MODEL_URI'} (${role})`;
    if (refused === null) this.logger.log(`${what} loaded in ${milliseconds} ms`);
    else this.logger.error(`${what} refused, ${refused.code}: ${refused.message}`);
  }

  swapped({ active, candidate, shadow }: Serving): void {
    // A rate needs the series before its first decision; there are none of what is not in use.
    if (candidate !== null) for (const arm of this.arms.values()) arm.inc(0);
    if (shadow !== null) for (const comparison of this.comparisons.values()) comparison.inc(0);
    this.info.reset();
    this.tell('active', active);
    this.tell('candidate', candidate?.model ?? null);
    this.tell('shadow', shadow);
  }

  rolloutStopped({ rollout, reason }: StoppedRollout): void {
    this.stopped.inc();
    this.logger.error(`rollout ${rollout} stopped for all instances: ${reason}`);
  }

  private tell(role: string, model: ServedModel | null): void {
    if (model === null) return;
    const { version, catalogue_version: features, model: file } = model.manifest;
    this.info.set({ role, version, sha256: file.sha256.slice(0, 12), features }, 1);
  }
}
