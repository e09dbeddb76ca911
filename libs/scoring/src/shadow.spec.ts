import type { Decision } from '@fraud/contract';
import { VECTOR_LENGTH } from '@fraud/features';
import { ServedModel, type Model } from '@fraud/model';
import { describe, expect, it } from 'vitest';
import { Shadow, type ShadowComparison } from './shadow.js';

const policy = {
  thresholds: { step_up: 0.3, review: 0.7, decline: 0.9 },
  degraded_thresholds: { step_up: 0.1, review: 0.5, decline: 0.8 },
  fail_action: 'review',
} as const;

/** Scores a row by its first feature. */
function shadowModel(run?: Model['run']): ServedModel {
  const byFirst: Model['run'] = (vectors, rows) =>
    Promise.resolve({
      scores: Float32Array.from({ length: rows }, (_, i) => vectors[i * VECTOR_LENGTH]!),
      contributions: new Float32Array(),
    });
  const model: Model = {
    manifest: { version: 's' } as Model['manifest'],
    directory: '',
    source: 'directory',
    run: run ?? byFirst,
    release: () => Promise.resolve(),
  };
  return new ServedModel('s', model, new Date());
}

const vectors = (...firsts: number[]): Float32Array => {
  const values = new Float32Array(firsts.length * VECTOR_LENGTH);
  firsts.forEach((first, i) => (values[i * VECTOR_LENGTH] = first));
  return values;
};

const answered = (
  score: number | undefined,
  decision: Decision['decision'],
  degraded: string[] = [],
): Decision =>
  ({
    transaction_id: 'tx',
    decided_at: 'now',
    versions: { model: 'm' },
    score,
    decision,
    degraded,
  }) as unknown as Decision;

function shadow(): { shadow: Shadow; compared: ShadowComparison[]; failed: number[] } {
  const compared: ShadowComparison[] = [];
  const failed: number[] = [];
  return {
    shadow: new Shadow(
      policy,
      (comparison) => compared.push(comparison),
      (rows) => failed.push(rows),
    ),
    compared,
    failed,
  };
}

const done = async (one: Shadow, rows: number): Promise<void> => {
  for (let i = 0; i < 1000; i++) {
    const { compared = 0, failed = 0 } = one.summary ?? {};
    if (compared + failed >= rows) return;
    await new Promise(setImmediate);
  }
  throw new Error(`not done: ${JSON.stringify(one.summary)}`);
};

describe('a shadow', () => {
  it('decides each row by the thresholds that its answer was decided by, and is compared with it', async () => {
    const { shadow: one, compared } = shadow();
    one.offer(shadowModel(), vectors(0.5, 0.5, 0.95), [
      answered(0.25, 'approve'),
      answered(0.25, 'step_up', ['features_unavailable']),
      answered(undefined, 'review', ['model_unavailable']),
    ]);
    await done(one, 3);
    const same = { transactionId: 'tx', decidedAt: 'now', version: 'm', shadowVersion: 's' };
    expect(compared).toEqual([
      { ...same, answered: 'approve', score: 0.25, shadow: 'step_up', shadowScore: 0.5 },
      { ...same, answered: 'step_up', score: 0.25, shadow: 'review', shadowScore: 0.5 },
      { ...same, answered: 'review', score: null, shadow: 'decline', shadowScore: 0.95 },
    ]);
    expect(one.summary).toEqual({
      version: 's',
      compared: 3,
      agreed: 0,
      failed: 0,
      dropped: 0,
      mean_difference: 0.25,
    });
  });

  it('runs behind the answers, not with them', () => {
    let ran = false;
    const { shadow: one } = shadow();
    const model = shadowModel(() => {
      ran = true;
      return Promise.reject(new Error('late'));
    });
    one.offer(model, vectors(0.5), [answered(0.5, 'step_up')]);
    expect(ran).toBe(false);
  });

  it('that fails is counted, and the next rows are compared', async () => {
    const { shadow: one, failed } = shadow();
    let broken = true;
    const whole = shadowModel();
    const model = shadowModel((values, rows) =>
      broken ? Promise.reject(new Error('boom')) : whole.run(values, rows),
    );
    one.offer(model, vectors(0.5, 0.5), [answered(0.5, 'step_up'), answered(0.5, 'step_up')]);
    await done(one, 2);
    broken = false;
    one.offer(model, vectors(NaN, 0.5), [answered(0.5, 'step_up'), answered(0.5, 'step_up')]);
    await done(one, 4);
    expect(failed).toEqual([2, 1]);
    expect(one.summary).toMatchObject({ compared: 1, agreed: 1, failed: 3 });
  });

  it('leaves rows out, and says how many, where more wait than may', async () => {
    const { shadow: one, failed } = shadow();
    const model = shadowModel();
    const rows = Array.from({ length: 1000 }, () => answered(0.5, 'step_up'));
    const values = vectors(...rows.map(() => 0.5));
    for (let i = 0; i < 3; i++) one.offer(model, values, rows);
    await done(one, 2000);
    expect(one.summary).toMatchObject({ compared: 2000, agreed: 2000, dropped: 1000 });
    expect(failed).toEqual([1000]);
    one.offer(model, values, rows);
    await done(one, 3000);
  });

  it('finishes what waits before an end', async () => {
    const { shadow: one } = shadow();
    const rows = Array.from({ length: 100 }, () => answered(0.5, 'step_up'));
    one.offer(shadowModel(), vectors(...rows.map(() => 0.5)), rows);
    await one.drain();
    expect(one.summary).toMatchObject({ compared: 100 });
    await one.drain();
  });

  it('of another version begins to count anew', async () => {
    const { shadow: one } = shadow();
    one.offer(shadowModel(), vectors(0.5), [answered(0.5, 'step_up')]);
    await done(one, 1);
    one.offer(shadowModel(), vectors(0.5, 0.5), [answered(0.5, 'step_up'), answered(0.5, 'step_up')]);
    await done(one, 2);
    expect(one.summary).toMatchObject({ compared: 2, agreed: 2 });
  });
});
