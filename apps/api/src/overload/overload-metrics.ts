import { METRICS } from '@fraud/platform';
import { Logger } from '@nestjs/common';
import { getOrCreateMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';
import type { Admission } from './admission.js';

const LOOK_EVERY_MS = 1000;

/** Shows an overload: metrics, and a line when it begins and when it is over. @returns ends that */
export function watchOverload(admission: Admission): () => void {
  const logger = new Logger('Overload');
  const { requestsUnderWay, overloadLimit, overloadRefused } = METRICS;
  const gauge = (metric: { name: string; help: string }, read: () => number): void => {
    getOrCreateMetric('Gauge', {
      ...named(metric),
      collect(this: Gauge) {
        this.set(read());
      },
    });
  };
  gauge(requestsUnderWay, () => admission.underWay);
  gauge(overloadLimit, () => admission.limit);
  let counted = 0;
  getOrCreateMetric('Counter', {
    ...named(overloadRefused),
    collect(this: Counter) {
      this.inc(admission.refused - counted);
      counted = admission.refused;
    },
  });
  let before = 0;
  let was = false;
  let since = 0;
  const timer = setInterval(() => {
    const { refused, limit } = admission;
    const now = refused > before;
    if (now && !was) {
      since = before;
      logger.warn(
        `more requests than can be decided in time: above ${limit} under way they are refused (503)`,
      );
    }
    if (!now && was) logger.log(`the overload is over; ${refused - since} requests were refused`);
    was = now;
    before = refused;
  }, LOOK_EVERY_MS).unref();
  return () => {
    clearInterval(timer);
  };
}

const named = ({ name, help }: { name: string; help: string }) => ({ name, help });
