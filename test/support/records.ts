import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decisionIdOf, identify, type Decision, type Transaction } from '@fraud/contract';
import {
  openDatabase,
  type AppliedLabel,
  type DecisionEntry,
  type LabelEntry,
  type RecordsStore,
} from '@fraud/records';
import { inject } from 'vitest';
import { emptyPostgres } from './postgres-database.js';
import { aTransaction } from './transactions.js';

/** What of a recorded decision a test chooses. */
export interface Chosen extends Partial<Omit<DecisionEntry, 'transaction' | 'decision'>> {
  readonly transaction?: Partial<Transaction>;
  readonly decision?: Partial<Decision>;
}

const FEATURES = 100;
let sequence = 0;

/** A recorded decision as large as real ones, each time another one. */
export function aDecisionEntry({ transaction: of, decision, ...more }: Chosen = {}): DecisionEntry {
  const transaction = aTransaction({
    transaction_id: `tx-${randomUUID()}`,
    terminal_id: `terminal-${sequence % 50}`,
    device_id: `device-${sequence % 200}`,
    ip: `198.51.100.${sequence % 250}`,
    merchant_category: '5411',
    ...of,
  });
  sequence += 1;
  const numbers = Float32Array.from({ length: FEATURES }, (_, i) => Math.fround(sequence * (i + 0.1)));
  const base64 = Buffer.from(numbers.buffer).toString('base64');
  return {
    kind: 'decision',
    instance: 'test',
    sequence,
    door: 'http',
    content_hash: identify(transaction).contentHash,
    amount_reference: transaction.amount,
    repeated: false,
    vector: base64,
    contributions: base64,
    ...more,
    transaction,
    decision: {
      decision_id: decisionIdOf(transaction.transaction_id),
      transaction_id: transaction.transaction_id,
      decision: 'decline',
      score: 0.978262,
      source: 'model',
      degraded: [],
      reasons: ['card_sum_6h', 'card_trend', 'amount'].map((name, i) => ({
        code: `model.${name}`,
        text: 'Amount spent with the card in 24 hours ÷ the average of 30 days: 30 EUR-equivalent',
        value: 2247.99 + i,
        contribution: 2.6286 - i,
      })),
      versions: {
        engine: '0.1.0',
        features: 'a9a847c8bae4',
        model: '1.1.0',
        model_sha256: 'bf4a89ec3234',
        policy: 'a3d3217f6028',
        fx: 'a65b75716227',
      },
      decided_at: new Date().toISOString(),
      timings_us: { queue: 342, state: 1156, features: 1054, model: 421, policy: 348, total: 3321 },
      ...decision,
    },
  };
}

/** A label as it comes. */
export function aLabelEntry(transactionId: string, more: Partial<LabelEntry> = {}): LabelEntry {
  return {
    kind: 'label',
    transaction_id: transactionId,
    fraud: true,
    source: 'chargeback',
    labelled_at: '2026-02-01T12:00:00Z',
    received_at: '2026-02-01T12:00:01Z',
    ...more,
  };
}

/** A label that features have been told of just now. */
export const told = ({ decisionId, fraud }: Pick<AppliedLabel, 'decisionId' | 'fraud'>): AppliedLabel => ({
  decisionId,
  fraud,
  appliedAt: new Date().toISOString(),
});

/** Lines of the spool. */
export const linesOf = (entries: readonly unknown[]): string[] =>
  entries.map((entry) => JSON.stringify(entry));

/** Where records can be kept, each time in an empty one. */
export const DATABASES = ['Postgres', 'the embedded Postgres'] as const;
export type DatabaseKind = (typeof DATABASES)[number];

export interface OpenRecords {
  readonly store: RecordsStore;
  /** The Postgres; empty for the embedded one. */
  readonly url: string;
  close(): Promise<void>;
}

/** Records in an empty database. @param name of the database; each test file takes others */
export async function openRecords(
  kind: DatabaseKind,
  name: string,
  retentionDays = 36_500,
): Promise<OpenRecords> {
  if (kind === 'Postgres') {
    const url = await emptyPostgres(inject('postgresUrl'), name);
    const store = await openDatabase({ url }, { retentionDays });
    return { store, url, close: () => store.close() };
  }
  const directory = await mkdtemp(path.join(tmpdir(), 'records-'));
  const store = await openDatabase({ directory: path.join(directory, 'database') }, { retentionDays });
  return {
    store,
    url: '',
    close: async () => {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
}
