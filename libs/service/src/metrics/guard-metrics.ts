import { GUARD_SIDES, type GuardSide } from '@fraud/contract';
import { METRICS } from '@fraud/platform';
import { Engine, type SideState } from '@fraud/scoring';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { getOrCreateMetric } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';

const WORDS: Readonly<Record<GuardSide, string>> = {
  declines: 'declined',
  unscored: 'decided without a score',
};

/** Shows what the guard sees. */
@Injectable()
export class GuardMetrics {
  private readonly logger = new Logger('Guard');

  constructor(@Inject(Engine) engine: Engine) {
    const gauge = (
      { name, help, labels }: { name: string; help: string; labels: readonly string[] },
      read: (state: SideState) => number,
    ): void => {
      getOrCreateMetric('Gauge', {
        name,
        help,
        labelNames: [...labels],
        collect(this: Gauge) {
          for (const side of GUARD_SIDES) {
            const value = read(engine.guard[side]);
            if (!Number.isNaN(value)) this.set({ side }, value);
          }
        },
      });
    };
    gauge(METRICS.guardTripped, ({ tripped }) => (tripped ? 1 : 0));
    gauge(METRICS.guardShare, ({ share }) => share);
    gauge(METRICS.guardBound, ({ bound }) => bound);
  }

  changed(side: GuardSide, { tripped, share, bound }: SideState): void {
    const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;
    if (tripped)
      this.logger.error(
        `${percent(share)} are ${WORDS[side]}, above ${percent(bound)}: the guard has tripped (${side})`,
      );
    else this.logger.warn(`the guard has cleared (${side}): ${percent(share)} are ${WORDS[side]}`);
  }
}
