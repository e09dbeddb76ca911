import { METRICS } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { getOrCreateMetric } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';

const EVERY_MS = 1000;
const TIMEOUT_MS = 500;

/** Asks the feature store every second whether it is there, so that probes and scrapes need not wait for it. */
@Injectable()
export class StoreHealth implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('StoreHealth');
  private readonly gauge: Gauge | null;
  private timer: NodeJS.Timeout | undefined;
  private answers = true;

  constructor(@Inject(Engine) private readonly engine: Engine) {
    const { name, help } = METRICS.redisUp;
    this.gauge = engine.storeKind === 'redis' ? (getOrCreateMetric('Gauge', { name, help }) as Gauge) : null;
  }

  get up(): boolean {
    return this.answers;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.look(), EVERY_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const before = this.answers;
    this.answers = await this.engine.storeAnswers(TIMEOUT_MS);
    if (before && !this.answers)
      this.logger.warn('the feature store is away: answers are degraded until it is back');
    if (!before && this.answers) this.logger.log('the feature store is back');
    this.gauge?.set(this.answers ? 1 : 0);
  }
}
