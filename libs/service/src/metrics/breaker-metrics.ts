import { METRICS } from '@fraud/platform';
import { Engine, type Dependency } from '@fraud/scoring';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { getOrCreateMetric } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';

const NAMES: Readonly<Record<Dependency, string>> = {
  feature_store: 'the feature store',
  records: 'the records database',
};

/** Shows which dependencies are not waited for. */
@Injectable()
export class BreakerMetrics {
  private readonly logger = new Logger('Breaker');

  constructor(@Inject(Engine) engine: Engine) {
    const { name, help, labels } = METRICS.breakerOpen;
    getOrCreateMetric('Gauge', {
      name,
      help,
      labelNames: [...labels],
      collect(this: Gauge) {
        for (const { dependency, open } of engine.breakers) this.set({ dependency }, open ? 1 : 0);
      },
    });
  }

  changed(dependency: Dependency, open: boolean): void {
    if (open)
      this.logger.warn(
        `${NAMES[dependency]} failed too often in a row: nobody waits for it until it is back`,
      );
    else this.logger.log(`${NAMES[dependency]} is asked again`);
  }
}
