import { parseTransaction } from '@fraud/contract';
import { toCurrent, VECTOR_LENGTH, writeDefaultVector } from '@fraud/features';
import { RolloutTally } from '@fraud/model';
import type { ScoringContext } from './context.js';
import { decideVectors } from './decide-vectors.js';

/** Sizes of turns, and how often: enough that their code is compiled and their time is known. */
const SIZES = [1, 2, 4, 8, 16, 32];
const TIMES = 12;

/**
 * Decides a made-up transaction again and again, without store and records, before anybody waits: the first callers are to be decided within
 * their budget, too, and predictions need something to go by.
 */
export async function warmUp(context: ScoringContext): Promise<void> {
  const active = context.models?.serving.active ?? null;
  if (active === null) return;
  // What is made up must not count for a rollout.
  const models = { serving: { active, candidate: null, shadow: null }, tally: new RolloutTally() };
  const parsed = parseTransaction({
    transaction_id: 'warm-up',
    occurred_at: '2026-01-05T13:37:00+01:00',
    amount: 4999,
    currency: 'EUR',
    card_id: 'warm-up',
    merchant_id: 'warm-up',
  });
  if (!parsed.ok) return;
  const row = toCurrent(parsed, context.fx);
  const quiet = {
    turn: () => undefined,
    decided: () => undefined,
    failed: () => undefined,
    shadowed: () => undefined,
  };
  const without = { stateless: true, outOfTime: false };
  const about = { without, unrecorded: false, decidedAt: new Date(0).toISOString() };
  for (let i = 0; i < TIMES; i++) {
    for (const size of SIZES) {
      const values = new Float32Array(size * VECTOR_LENGTH);
      for (let n = 0; n < size; n++) writeDefaultVector(row, values, n * VECTOR_LENGTH);
      const rows = Array.from({ length: size }, () => row);
      const vectors = {
        rows: rows.map((_, n) => n),
        values,
        repeated: rows.map(() => false),
        saturated: new Uint8Array(size),
      };
      await decideVectors(rows, vectors, about, { ...context, models, observer: quiet });
    }
  }
}
