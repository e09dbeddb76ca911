import { MemoryFeatureStore, Pseudonyms, VECTOR_LENGTH, type CurrentTransaction } from '@fraud/features';
import { toReads, toVectors } from '@fraud/scoring';
import { commitOf, turnsFrom } from './rows.js';

const HOUR_MS = 3_600_000;
const TURN = 64;

/** Makes transactions and their vectors by the histories of the cards so far; to be measured is what comes after. */
export class VectorsOfHistories {
  private readonly pseudonyms = new Pseudonyms('benchmark');
  private readonly store = new MemoryFeatureStore({ decisionTtlMs: HOUR_MS, maxDecisions: 100_000 });

  /**
   * @param first place in the sequence of transactions that every server gets
   * @param count a multiple of 64
   * @returns the vectors one after another, in the order of the rows
   */
  async next(
    first: number,
    count: number,
  ): Promise<{ readonly rows: readonly CurrentTransaction[]; readonly values: Float32Array }> {
    const all = new Float32Array(count * VECTOR_LENGTH);
    const turns = turnsFrom(first, count, TURN);
    let at = 0;
    for (const rows of turns) {
      const { states } = await this.store.exchange(toReads(rows, this.pseudonyms), []);
      const { values } = toVectors(
        rows,
        states,
        rows.map(() => null),
      );
      all.set(values, at);
      at += values.length;
      await this.store.exchange([], rows.map(commitOf));
    }
    return { rows: turns.flat(), values: all };
  }
}
