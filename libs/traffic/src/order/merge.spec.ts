import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelledTransaction } from '../labelled-transaction.js';
import { mergeByEventTime } from './merge.js';

function row(source: number, index: number, second: number): LabelledTransaction {
  const occurred_at = new Date(Date.UTC(2026, 0, 5) + second * 1000).toISOString();
  return {
    transaction: {
      transaction_id: `${source}-${index}`,
      occurred_at,
      amount: 1,
      currency: 'EUR',
      card_id: 'c',
      merchant_id: 'm',
    },
    label: null,
  };
}

async function* stream(rows: readonly LabelledTransaction[]): AsyncGenerator<LabelledTransaction, void> {
  yield* rows;
}

async function ids(merged: AsyncIterable<LabelledTransaction>): Promise<string[]> {
  const out: string[] = [];
  for await (const { transaction } of merged) out.push(transaction.transaction_id);
  return out;
}

describe('mergeByEventTime', () => {
  it('equals a stable sort of all rows, on any sources that are in order', async () => {
    const source = fc.array(fc.nat(15)).map((seconds) => seconds.toSorted((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(fc.array(source, { maxLength: 5 }), async (sources) => {
        const rows = sources.map((seconds, s) => seconds.map((second, i) => row(s, i, second)));
        const expected = rows
          .flat()
          .toSorted((a, b) =>
            a.transaction.occurred_at < b.transaction.occurred_at
              ? -1
              : a.transaction.occurred_at > b.transaction.occurred_at
                ? 1
                : 0,
          )
          .map((r) => r.transaction.transaction_id);
        expect(await ids(mergeByEventTime(rows.map(stream)))).toEqual(expected);
      }),
    );
  });

  it('passes a row without a readable time on, right behind the row before it', async () => {
    const broken = {
      ...row(0, 1, 0),
      transaction: { ...row(0, 1, 0).transaction, occurred_at: 'yesterday' },
    };
    const merged = mergeByEventTime([stream([row(0, 0, 1), broken, row(0, 2, 9)]), stream([row(1, 0, 5)])]);
    expect(await ids(merged)).toEqual(['0-0', '0-1', '1-0', '0-2']);
  });

  it('closes its sources when the reader stops early', async () => {
    let closed = 0;
    async function* watched(): AsyncGenerator<LabelledTransaction, void> {
      try {
        yield row(0, 0, 1);
        yield row(0, 1, 2);
      } finally {
        closed++;
      }
    }
    const merged = mergeByEventTime([watched(), watched()]);
    await merged.next();
    await merged.return();
    expect(closed).toBe(2);
  });
});
