/** What deploy/prometheus/recording.yaml records, over all instances: no job or instance can be chosen. */
export const RECORDED = {
  slow5m: 'fraud:slow_requests:ratio_rate5m',
  slow1h: 'fraud:slow_requests:ratio_rate1h',
  driftScore: 'fraud:drift_score:1d',
  driftThreshold: 'fraud:drift_threshold:1d',
  driftRows: 'fraud:drift_rows:increase1d',
  driftSample: 'fraud:drift_sample_rows:increase1d',
} as const;
