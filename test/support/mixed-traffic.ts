import type { Transaction } from '@fraud/contract';
import { simulate } from '@fraud/traffic';

/** One thing that happens to an engine. */
export type Happening =
  | { readonly kind: 'transactions'; readonly batch: readonly Transaction[] }
  | { readonly kind: 'label'; readonly transaction: Transaction; readonly fraud: boolean };

const MOST_ROWS_A_BATCH = 128;
/** Rows that repeats, late transactions and corrected labels lie behind. */
const BEHIND = 3000;

/**
 * Simulated traffic as it may come and should not: late, repeated, with other content under the same id, tied in time, with
 * labels that come early, late, twice and are taken back, in batches of any size.
 */
export function* mixedTraffic(rows: number, seed: number): Generator<Happening, void> {
  const chance = chances(seed);
  const held: Transaction[] = [];
  const recent: Transaction[] = [];
  let batch: Transaction[] = [];
  let size = 1;
  let taken = 0;
  let made = 0;
  const cards = Math.ceil(rows / 40);
  for (const { transaction, label } of simulate({ seed, cards, days: 60 })) {
    if (taken >= rows) break;
    // Whole minutes make ties.
    const tied = chance() < 0.2;
    const next = tied
      ? { ...transaction, occurred_at: transaction.occurred_at.replace(/:\d\d(?:\.\d+)?(?=Z|[+-])/, ':00') }
      : transaction;
    if (chance() < 0.03) held.push(next);
    else batch.push(next);
    if (chance() < 0.01) batch.push(...held.splice(0));
    const again = recent[Math.floor(chance() * recent.length)];
    if (again !== undefined && chance() < 0.03) batch.push(again);
    if (again !== undefined && chance() < 0.003) batch.push({ ...again, amount: again.amount + 1 });
    recent[made++ % BEHIND] = next;

    if (batch.length >= size) {
      taken += batch.length;
      yield { kind: 'transactions', batch: batch.slice(0, size) };
      batch = batch.slice(size);
      size = 1 + Math.floor(chance() ** 2 * MOST_ROWS_A_BATCH);
    }
    // A fraud may be told before its transaction has arrived.
    if (label?.fraud === true) yield { kind: 'label', transaction: next, fraud: true };
    if (again !== undefined && chance() < 0.01)
      yield { kind: 'label', transaction: again, fraud: chance() < 0.5 };
  }
  if (batch.length > 0) yield { kind: 'transactions', batch };
}

/** Numbers from 0 to 1, the same for a seed (mulberry32). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
