import type { SchemaElement } from 'hyparquet';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import type { DecisionRecord } from '../entry.js';

const ROW_GROUP = 10_000;

interface Column {
  readonly type: Omit<SchemaElement, 'name'>;
  readonly of: (record: DecisionRecord) => unknown;
}

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
const required = { repetition_type: 'REQUIRED' } as const;
const optional = { repetition_type: 'OPTIONAL' } as const;
const millis = (moment: string): Date => new Date(moment);

/** A column for whatever is asked for often; the rest is JSON text. */
const COLUMNS: Readonly<Record<string, Column>> = {
  decision_id: { type: { ...text, ...required }, of: (r) => r.decision.decision_id },
  transaction_id: { type: { ...text, ...required }, of: (r) => r.transaction.transaction_id },
  occurred_at: {
    type: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', ...required },
    of: (r) => millis(r.transaction.occurred_at),
  },
  decided_at: {
    type: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', ...required },
    of: (r) => millis(r.decision.decided_at),
  },
  card_id: { type: { ...text, ...required }, of: (r) => r.transaction.card_id },
  merchant_id: { type: { ...text, ...required }, of: (r) => r.transaction.merchant_id },
  amount: { type: { type: 'INT64', ...required }, of: (r) => BigInt(r.transaction.amount) },
  currency: { type: { ...text, ...required }, of: (r) => r.transaction.currency },
  amount_reference: { type: { type: 'DOUBLE', ...optional }, of: (r) => r.amount_reference ?? undefined },
  decision: { type: { ...text, ...required }, of: (r) => r.decision.decision },
  score: { type: { type: 'DOUBLE', ...optional }, of: (r) => r.decision.score },
  source: { type: { ...text, ...required }, of: (r) => r.decision.source },
  degraded: { type: { ...text, ...required }, of: (r) => r.decision.degraded.join(',') },
  arm: { type: { ...text, ...optional }, of: (r) => r.decision.arm },
  model: { type: { ...text, ...required }, of: (r) => r.decision.versions.model },
  policy: { type: { ...text, ...required }, of: (r) => r.decision.versions.policy },
  door: { type: { ...text, ...required }, of: (r) => r.door },
  vector: { type: { ...text, ...required }, of: (r) => r.vector },
  contributions: { type: { ...text, ...optional }, of: (r) => r.contributions ?? undefined },
  transaction_json: { type: { ...text, ...required }, of: (r) => JSON.stringify(r.transaction) },
  decision_json: { type: { ...text, ...required }, of: (r) => JSON.stringify(r.decision) },
};

/** Writes records as Parquet, at most 10,000 in memory. @returns how many there were */
export async function writeParquet(
  pages: AsyncIterable<readonly DecisionRecord[]>,
  path: string,
): Promise<number> {
  const columns = Object.entries(COLUMNS);
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columns.length },
    ...columns.map(([name, { type }]) => ({ name, ...type })),
  ];
  const writer = new ParquetWriter({ writer: fileWriter(path), schema });
  let waiting: DecisionRecord[] = [];
  let rows = 0;
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    await writer.write({
      columnData: columns.map(([name, { of }]) => ({ name, data: waiting.map(of) })),
      rowGroupSize: ROW_GROUP,
    });
    rows += waiting.length;
    waiting = [];
  };
  for await (const records of pages) {
    waiting.push(...records);
    if (waiting.length >= ROW_GROUP) await flush();
  }
  await flush();
  await writer.finish();
  return rows;
}
