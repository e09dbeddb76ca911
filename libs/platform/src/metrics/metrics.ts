import { DECISION_METRICS } from './decisions.js';
import { DRIFT_METRICS } from './drift.js';
import { KAFKA_METRICS } from './kafka.js';
import { MODEL_METRICS } from './models.js';
import { PROCESS_METRICS } from './process.js';
import { RECORD_METRICS } from './records.js';
import { REDIS_METRICS } from './redis.js';
import { SAFEGUARD_METRICS } from './safeguards.js';

/** Every metric of the product, declared once. */
export const METRICS = {
  ...DECISION_METRICS,
  ...SAFEGUARD_METRICS,
  ...MODEL_METRICS,
  ...DRIFT_METRICS,
  ...REDIS_METRICS,
  ...RECORD_METRICS,
  ...KAFKA_METRICS,
  ...PROCESS_METRICS,
};

export type MetricKey = keyof typeof METRICS;
