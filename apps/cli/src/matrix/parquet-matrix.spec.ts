import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulate } from '@fraud/traffic';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ParquetMatrix } from './parquet-matrix.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'matrix-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

describe('ParquetMatrix', () => {
  it('is read back with the same float32 values, NaN included, and all columns', async () => {
    const path = join(directory, 'matrix.parquet');
    const matrix = new ParquetMatrix(path, ['a', 'b']);
    const rows = [...simulate({ cards: 40, days: 5, fraud: 0.05 })];
    for (const [i, row] of rows.entries())
      await matrix.add(row, Float32Array.of(i / 3, i % 2 === 0 ? NaN : -1));
    await matrix.close();
    const read = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
    expect(read).toHaveLength(rows.length);
    expect([matrix.rows, matrix.frauds]).toEqual([rows.length, rows.filter((r) => r.label?.fraud).length]);
    expect(matrix.frauds).toBeGreaterThan(0);
    rows.forEach(({ transaction, label }, i) => {
      expect(read[i]).toEqual({
        a: Math.fround(i / 3),
        b: i % 2 === 0 ? NaN : -1,
        label: label?.fraud,
        scenario: label?.scenario ?? null,
        currency: transaction.currency,
        country: transaction.country ?? null,
        merchant_category: transaction.merchant_category ?? null,
        channel: transaction.channel ?? null,
        occurred_at_ms: BigInt(Date.parse(transaction.occurred_at)),
        amount_minor: BigInt(transaction.amount),
        card_id: transaction.card_id,
        transaction_id: transaction.transaction_id,
      });
    });
  });

  it('refuses a feature that is named like one of its own columns', () => {
    expect(() => new ParquetMatrix(join(directory, 'x.parquet'), ['label'])).toThrow('label');
  });

  it('holds more than one row group', async () => {
    const path = join(directory, 'large.parquet');
    const matrix = new ParquetMatrix(path, ['amount']);
    const [row] = [...simulate({ cards: 20, days: 2 })];
    for (let i = 0; i < 70_000; i++) await matrix.add(row!, Float32Array.of(i));
    await matrix.close();
    const read = await parquetReadObjects({ file: await asyncBufferFromFile(path), columns: ['amount'] });
    expect([read.length, read[0], read[69_999]]).toEqual([70_000, { amount: 0 }, { amount: 69_999 }]);
  });
});
