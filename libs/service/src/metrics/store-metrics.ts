import { METRICS } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import { Inject, Injectable } from '@nestjs/common';
import { collectedGauge } from './collected.js';

/** How far the feature store is behind the decisions of this process. */
@Injectable()
export class StoreMetrics {
  constructor(@Inject(Engine) engine: Engine) {
    collectedGauge(METRICS.historiesWaiting, () => engine.historiesWaiting);
    collectedGauge(METRICS.storeBehind, () => engine.storeBehindMs / 1000);
  }
}
