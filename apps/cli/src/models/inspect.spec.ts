import type { Manifest } from '@fraud/model';
import { describe, expect, it } from 'vitest';
import { description } from './inspect.js';

const OF_FORMAT_2: Manifest = {
  format: 2,
  version: '1.1.0',
  created_at: '2026-03-15T00:00:00Z',
  catalogue_version: 'abc',
  features: ['amount', 'is_night'],
  missing: 'nan',
  model: {
    file: 'model.onnx',
    sha256: 'f'.repeat(64),
    input: 'features',
    outputs: { score: 'score', contributions: 'contributions' },
    opset: { 'ai.onnx': 15, 'ai.onnx.ml': 3 },
  },
  bias: 0,
  calibration: {
    method: 'platt',
    slope: 1.25,
    intercept: -0.5,
    fitted_on: { rows: 1000, frauds: 12, from: '2026-03-01T00:00:00Z', to: '2026-03-08T00:00:00Z' },
  },
  suggested_thresholds: {
    step_up: { threshold: 0.125, target_precision: 0.3, precision: 0.31, recall: 0.9, alert_rate: 0.02 },
    review: null,
    decline: null,
  },
  golden: [{ features: [1, null], score: 0.5, contributions: [0, 0] }],
  training: { window: { from: '2026-02-01T00:00:00Z', to: '2026-03-01T00:00:00Z' }, trees: 200 },
  metrics: { holdout: { average_precision: 0.8125, auc: 0.99, rows: 5000, frauds: 40 } },
  drift_reference: {
    rows: 1234,
    from: '2026-02-01T00:00:00Z',
    to: '2026-03-01T00:00:00Z',
    features: { amount: { edges: [1], shares: [0.5, 0.5], missing: 0 } },
    score: { edges: [0.5], shares: [0.75, 0.25] },
  },
};

describe('the description of a model', () => {
  const describe2 = (manifest: Manifest): string => description({ manifest, directory: '/m', source: 's3' });

  it('has window, trees, calibration, thresholds, metrics and drift reference, in a screenful', () => {
    const text = describe2(OF_FORMAT_2);
    for (const fact of [
      '1.1.0, made 2026-03-15T00:00:00Z, manifest format 2',
      '/m (s3)',
      'ai.onnx 15, ai.onnx.ml 3',
      '2026-02-01T00:00:00Z – 2026-03-01T00:00:00Z',
      'platt, 1.2500 × log-odds + -0.5000, on 1,000 rows with 12 frauds',
      '1 features and the score in 2 bins, from 1,234 rows',
      'none reaches its precision',
    ])
      expect(text).toContain(fact);
    expect(text).toMatch(/step_up +0\.1250 +31\.0 %/);
    expect(text).toMatch(/holdout +0\.8125 +0\.9900 +– +– +5,000 +40/);
    expect(text.split('\n').length).toBeLessThan(25);
  });

  it('leaves out what a manifest of format 1 does not have', () => {
    const { calibration: _1, drift_reference: _2, suggested_thresholds: _3, ...rest } = OF_FORMAT_2;
    const text = describe2({ ...rest, format: 1, training: {}, metrics: {} });
    expect(text).not.toMatch(/calibration|drift|suggested|trained/);
  });
});
