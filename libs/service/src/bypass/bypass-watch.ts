import { METRICS } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { collectedCounter, collectedGauge } from '../metrics/collected.js';

const LOOK_EVERY_MS = 1000;
const SAY_EVERY_MS = 60_000;

/** Sees to it that a bypass is not overlooked: a gauge, and a log line when it begins, each minute, and when it ends. */
@Injectable()
export class BypassWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Bypass');
  private timer: NodeJS.Timeout | undefined;
  private was = false;
  private saidAt = 0;

  constructor(@Inject(Engine) private readonly engine: Engine) {
    const { bypassActive, bypassedAmount } = METRICS;
    collectedGauge(bypassActive, () => (engine.bypass.active ? 1 : 0));
    collectedCounter(bypassedAmount, () => engine.wavedThrough.amount);
  }

  onApplicationBootstrap(): void {
    for (const what of this.engine.startedWithout) this.logger.error(`started without ${what}`);
    this.look();
    this.timer = setInterval(() => {
      this.look();
    }, LOOK_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const { active } = this.engine.bypass;
    const now = performance.now();
    if (active && (!this.was || now - this.saidAt >= SAY_EVERY_MS)) {
      this.saidAt = now;
      this.logger.warn(this.sentence());
    }
    if (!active && this.was) {
      const { transactions } = this.engine.wavedThrough;
      this.logger.warn(
        `the bypass has ended, transactions are scored again; this process let ${transactions} through. See \`npm run bypass -- report\``,
      );
    }
    this.was = active;
  }

  private sentence(): string {
    const { bypass, by } = this.engine.bypass.state;
    const { transactions } = this.engine.wavedThrough;
    const who = by === 'environment' ? 'by BYPASS_MODE' : `by ${bypass?.author}: ${bypass?.reason}`;
    return (
      `BYPASS: every transaction is approved unscored, since ${bypass?.since} until ${bypass?.until}, ${who}; ` +
      `${transactions} let through by this process so far, of which ${this.engine.historiesWaiting} have not come to the histories yet`
    );
  }
}
