import type { Decision } from '@fraud/contract';
import { VECTOR_LENGTH, type CurrentTransaction } from '@fraud/features';
import { RolloutShare, ServedModel, type Model, type Serving } from '@fraud/model';
import { expect, it } from 'vitest';
import { DriftWatch } from './drift-watch.js';
import type { Scored } from './scored.js';
import type { Vectors } from './to-vectors.js';

const NOW = Date.UTC(2026, 0, 5, 12);
const ROWS = 4;

function modelOf(version: string, watched = true): ServedModel {
  const bins = { edges: [100], shares: [0.5, 0.5] };
  const drift_reference = {
    rows: 1000,
    from: '',
    to: '',
    features: { amount: { ...bins, missing: 0 } },
    score: { edges: [0.5], shares: [0.9, 0.1] },
    categories: {
      currency: { values: ['EUR'], shares: [0.9], rare: ['USD'], rare_share: 0.1, missing: 0, unseen: 0 },
    },
  };
  const manifest = watched ? { drift_reference } : {};
  return new ServedModel(version, { manifest } as unknown as Model, new Date(NOW));
}

const active = modelOf('v1');
const serving = (candidate: ServedModel | null = null): Serving => ({
  active,
  candidate:
    candidate === null ? null : { model: candidate, share: new RolloutShare({ version: 'v2', percent: 50 }) },
  shadow: null,
});
/** Three in euros, one in a currency of which the model knows nothing; one was answered with its stored decision before. */
const rows = ['EUR', 'USD', 'EUR', 'EUR', 'XTS'].map(
  (currency) => ({ parsed: { transaction: { currency } } }) as unknown as CurrentTransaction,
);
const vectors: Vectors = {
  rows: [0, 2, 3, 4],
  values: new Float32Array(ROWS * VECTOR_LENGTH).fill(7),
  repeated: [],
  saturated: new Uint8Array(ROWS),
};
const scored = (over: Partial<Scored> = {}): Scored => ({
  scores: { scores: new Float32Array(ROWS).fill(0.7), contributions: new Float32Array(0) },
  active,
  rollout: null,
  outOfTime: false,
  ...over,
});
const decided = (degraded: readonly string[] = []): Decision[] =>
  Array.from({ length: ROWS }, () => ({ degraded }) as unknown as Decision);
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** One at a moment that stands still. */
const watchOf = (models: () => Serving = serving): DriftWatch => new DriftWatch(models, () => NOW);
/** Rows that were counted, by model. */
const counted = (watch: DriftWatch): [string, number][] =>
  watch.readings('1h').map(({ version, readings }) => [version, readings[0]!.rows]);

it('counts the rows of a turn behind its answers, and once; whoever asks gets all that were answered', async () => {
  const watch = watchOf();
  watch.offer(rows, vectors, scored(), decided());
  expect(counted(watch)).toEqual([['v1', ROWS]]);
  await settled();
  expect(counted(watch)).toEqual([['v1', ROWS]]);
  const [amount, score, currency] = watch.readings('24h')[0]!.readings;
  expect(amount!.bins.map(({ rows: found }) => found)).toEqual([ROWS, 0, 0, 0]);
  expect(score!.bins.map(({ rows: found }) => found)).toEqual([0, ROWS, 0, 0]);
  expect(currency!.bins.map(({ bin, rows: found }) => [bin, found])).toEqual([
    ['EUR', 3],
    ['rare', 0],
    ['missing', 0],
    ['unseen', 1],
  ]);
});

it('leaves out what is degraded or has no usable score: an outage is no drift', async () => {
  const watch = watchOf();
  watch.offer(rows, vectors, scored(), decided(['features_unavailable']));
  watch.offer(rows, vectors, scored({ scores: null }), decided());
  const broken = { scores: new Float32Array(ROWS).fill(NaN), contributions: new Float32Array(0) };
  watch.offer(rows, vectors, scored({ scores: broken }), decided());
  await settled();
  expect(counted(watch)).toEqual([['v1', 0]]);
});

it('counts rows for the model that scored them, and shows those that decide now', async () => {
  const candidate = modelOf('v2');
  let models = serving(candidate);
  const watch = watchOf(() => models);
  const rollout = { model: candidate, decides: [true, false, false, false] };
  watch.offer(rows, vectors, scored({ rollout }), decided());
  await settled();
  expect(counted(watch)).toEqual([
    ['v1', 3],
    ['v2', 1],
  ]);
  models = serving();
  expect(counted(watch)).toEqual([['v1', 3]]);
});

it('shows a model once, also where it is the candidate of its own rollout', () => {
  expect(counted(watchOf(() => serving(active)))).toEqual([['v1', 0]]);
});

it('watches no model that does not say what it was trained on', async () => {
  const bare = modelOf('bare', false);
  const watch = watchOf(() => ({ active: bare, candidate: null, shadow: null }));
  watch.offer(rows, vectors, scored({ active: bare }), decided());
  await settled();
  expect(counted(watch)).toEqual([]);
});
