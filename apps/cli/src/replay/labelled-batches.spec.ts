import type { LabelledTransaction } from '@fraud/traffic';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { labelledBatches, type LabelledBatch } from './labelled-batches.js';

const START = Date.UTC(2026, 0, 5);
const at = ({ transaction }: LabelledTransaction): number => Date.parse(transaction.occurred_at);

function rowsOf(gaps: readonly { gap: number; fraud: boolean }[]): LabelledTransaction[] {
  let time = START;
  return gaps.map(({ gap, fraud }, i) => {
    time += gap * 1000;
    const occurred_at = new Date(time).toISOString();
    return {
      transaction: { transaction_id: `tx-${i}`, occurred_at },
      label: { fraud, scenario: null },
    } as unknown as LabelledTransaction;
  });
}

async function collect(batches: AsyncIterable<LabelledBatch>): Promise<LabelledBatch[]> {
  const all: LabelledBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

it('scores each row with exactly the frauds that are known by its time, whatever the size of a batch', async () => {
  const gaps = fc.array(fc.record({ gap: fc.integer({ min: 0, max: 30 }), fraud: fc.boolean() }), {
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(
      gaps,
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 100 }),
      async (g, size, delay) => {
        const rows = rowsOf(g);
        const batches = await collect(labelledBatches(rows, size, delay * 1000));
        expect(batches.flatMap((b) => b.rows)).toEqual(rows);
        const known = new Set<LabelledTransaction>();
        for (const batch of batches) {
          expect(batch.rows.length).toBeLessThanOrEqual(size);
          for (const row of batch.known) known.add(row);
          for (const row of batch.rows) {
            const due = rows.filter((r) => r.label?.fraud === true && at(r) + delay * 1000 <= at(row));
            expect(known).toEqual(new Set(due));
          }
        }
      },
    ),
  );
});

it('lets nothing become known without a delay to know it after', async () => {
  const batches = await collect(
    labelledBatches(
      rowsOf([
        { gap: 0, fraud: true },
        { gap: 99, fraud: false },
      ]),
      1,
      null,
    ),
  );
  expect(batches.flatMap((b) => b.known)).toEqual([]);
});
