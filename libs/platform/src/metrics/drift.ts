import type { MetricDeclaration } from './declaration.js';

/** Of how far traffic is from what models were trained on. */
export const DRIFT_METRICS = {
  driftScore: {
    name: 'fraud_drift_score',
    kind: 'gauge',
    help: 'Population stability index of what a model got (by feature, and by field of the transaction that holds codes) and gave (feature="score") in this process against the rows that it was trained on; window: 1h, 24h. Absent where there are too few rows',
    labels: ['model', 'feature', 'window'],
    optional: true,
  },
  driftThreshold: {
    name: 'fraud_drift_threshold',
    kind: 'gauge',
    help: 'Above it fraud_drift_score says drift: 0.1, or what chance alone reaches where there are many bins and few rows',
    labels: ['model', 'feature', 'window'],
    optional: true,
  },
  driftRows: {
    name: 'fraud_drift_rows_total',
    kind: 'counter',
    help: 'Rows that a model scored, by feature and by bin of its training rows: 1 = lowest values, missing, other = outside their range; of codes the code, rare, missing, unseen = not among them',
    labels: ['model', 'feature', 'bin'],
    optional: true,
  },
  driftExpected: {
    name: 'fraud_drift_expected_share',
    kind: 'gauge',
    help: 'Share of the rows that the model was trained on, by feature and bin',
    labels: ['model', 'feature', 'bin'],
    optional: true,
  },
  driftReference: {
    name: 'fraud_drift_reference_rows',
    kind: 'gauge',
    help: 'Rows that the model was trained on, by which drift is measured',
    labels: ['model'],
    optional: true,
  },
  driftBound: {
    name: 'fraud_drift_chi_squared_bound',
    kind: 'gauge',
    help: 'What rows × fraud_drift_score stays below by chance, but for one time in 10,000',
    labels: ['model', 'feature'],
    optional: true,
  },
} as const satisfies Record<string, MetricDeclaration>;
