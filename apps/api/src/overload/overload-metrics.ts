import { METRICS } from '@fraud/platform';
import { collectedCounter, collectedGauge } from '@fraud/service';
import { Logger } from '@nestjs/common';
import type { Admission } from './admission.js';

const LOOK_EVERY_MS = 1000;

/** Shows an overload: metrics, and a line when it begins and when it is over. @returns ends that */
export function watchOverload(admission: Admission): () => void {
  const logger = new Logger('Overload');
  const { requestsUnderWay, overloadLimit, overloadRefused } = METRICS;
  collectedGauge(requestsUnderWay, () => admission.underWay);
  collectedGauge(overloadLimit, () => admission.limit);
  collectedCounter(overloadRefused, () => admission.refused);
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
