import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase, type DecisionEntry, type RecordsStore } from '@fraud/records';
import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { startServices } from '../../scripts/lib/services/for-tests.mjs';
import { emptyPostgres } from '../support/postgres-database.js';
import { aDecisionEntry, aLabelEntry, linesOf, told } from '../support/records.js';
import { RecordsWriter } from '../support/records-writer.js';

const idOf = (entry: DecisionEntry): string => entry.decision.decision_id;

/** Several processes' worth of records in one database. */
async function openSome(name: string, count: number): Promise<{ stores: RecordsStore[]; url: string }> {
  const url = await emptyPostgres(inject('postgresUrl'), name);
  const stores = await Promise.all(
    Array.from({ length: count }, () => openDatabase({ url }, { retentionDays: 36_500 })),
  );
  return { stores, url };
}
const closeAll = (stores: readonly RecordsStore[]) => Promise.all(stores.map((store) => store.close()));

async function ask(url: string, query: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(query)).rows.map((row) => Object.values(row)[0]);
  } finally {
    await client.end();
  }
}

it('four processes that start at once on an empty Postgres all open it, and all write', async () => {
  for (let round = 0; round < 3; round++) {
    const url = await emptyPostgres(inject('postgresUrl'), 'records_start');
    const writers = Array.from({ length: 4 }, () => RecordsWriter.start(url, 2));
    const taken = (await Promise.all(writers.map((writer) => writer.end()))).flat();
    const last = RecordsWriter.start(url, 0);
    expect(new Set((await last.opened()).whole)).toEqual(new Set(taken));
    expect(taken).toHaveLength(8);
    await last.end();
  }
});

describe('what is written at the same time by several', () => {
  it('a label and its decision find each other', async () => {
    const { stores, url } = await openSome('records_race', 4);
    const entries = Array.from({ length: 400 }, () => aDecisionEntry());
    const labels = entries.map((entry) => aLabelEntry(entry.transaction.transaction_id));
    for (let at = 0; at < entries.length; at += 20) {
      const batch = entries.slice(at, at + 20);
      const of = labels.slice(at, at + 20);
      await Promise.all([
        stores[0]!.write(linesOf(batch.slice(0, 10))),
        stores[1]!.write(linesOf(of)),
        stores[2]!.write(linesOf(batch.slice(10))),
        stores[3]!.write(linesOf([...of.toReversed(), ...batch.toReversed()])),
      ]);
    }
    const claimed = await stores[0]!.claimLabels(1000, 60_000);
    expect(new Set(claimed.map(({ decisionId }) => decisionId))).toEqual(new Set(entries.map(idOf)));
    expect(await ask(url, 'select count(*)::int from labels')).toEqual([400]);
    await closeAll(stores);
  });

  it('an erased card has no decision that was made before, whoever was writing it', async () => {
    const { stores, url } = await openSome('records_erasing', 4);
    for (let round = 0; round < 15; round++) {
      const transaction = { card_id: `erased-${round}` };
      const entries = Array.from({ length: 60 }, () => aDecisionEntry({ transaction }));
      const [erased] = await Promise.all([
        stores[0]!.erase(transaction.card_id, 'test', 'race'),
        ...[1, 2, 3].map((n) => stores[n]!.write(linesOf(entries.slice(20 * n - 20, 20 * n)))),
      ]);
      expect(erased.transactionIds).toHaveLength(erased.decisions);
      expect(await stores[0]!.answers(entries.map(idOf))).toEqual(entries.map(() => null));
    }
    expect(await ask(url, 'select count(*)::int from decisions')).toEqual([0]);
    expect(await ask(url, 'select count(*)::int from decision_ids')).toEqual([0]);
    await closeAll(stores);
  });

  it('and corrected and claimed meanwhile, ends: nobody waits for one that waits for it', async () => {
    const { stores } = await openSome('records_busy', 4);
    const entries = Array.from({ length: 200 }, () => aDecisionEntry());
    await stores[0]!.write(linesOf(entries));
    const known = new Map<string, boolean>();
    const applying = async (store: RecordsStore): Promise<void> => {
      for (let n = 0; n < 12; n++) {
        const pending = await store.claimLabels(150, 50);
        for (const { decisionId, fraud } of pending) known.set(decisionId, fraud);
        await store.labelsApplied(pending.toReversed().map(told));
      }
    };
    const correcting = async (store: RecordsStore, first: number): Promise<void> => {
      for (let n = 0; n < 12; n++) {
        const labelled_at = new Date(Date.UTC(2026, 1, 1) + 2 * n + first).toISOString();
        const labels = entries.map(({ transaction }) =>
          aLabelEntry(transaction.transaction_id, { fraud: n % 2 === first, labelled_at }),
        );
        await store.write(linesOf(first === 0 ? labels : labels.toReversed()));
      }
    };
    await Promise.all([
      applying(stores[0]!),
      applying(stores[1]!),
      correcting(stores[2]!, 0),
      correcting(stores[3]!, 1),
    ]);
    for (let left = await stores[0]!.claimLabels(1000, 0); left.length > 0;) {
      for (const { decisionId, fraud } of left) known.set(decisionId, fraud);
      await stores[0]!.labelsApplied(left.map(told));
      left = await stores[0]!.claimLabels(1000, 0);
    }
    // The last word, of the eleventh correction by the second, is fraud.
    const states = entries.map((entry) => known.get(idOf(entry)));
    expect(new Set(states)).toEqual(new Set([true]));
    await closeAll(stores);
  });
});

describe('a Postgres that is away', () => {
  it('is said to be, is back when it is back, and has what was written', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'records-away-'));
    const { urls, nodes, stop } = await startServices(['postgres'], directory, { own: true });
    const node = nodes['postgres']![0]!;
    const away = { name: 'RecordsUnavailable' };
    try {
      const store = await openDatabase({ url: urls['postgres']! }, { retentionDays: 400 });
      const [before, behind] = [aDecisionEntry(), aDecisionEntry()];
      await store.write(linesOf([before]));
      await node.kill();
      await expect(store.write(linesOf([behind]))).rejects.toMatchObject(away);
      await expect(store.get(idOf(before))).rejects.toMatchObject(away);
      await expect(openDatabase({ url: urls['postgres']! }, { retentionDays: 400 })).rejects.toThrow(
        'ECONNREFUSED',
      );
      await node.start();
      expect(await store.write(linesOf([before, behind]))).toMatchObject({ decisions: 1, duplicates: 1 });
      await store.close();
    } finally {
      await stop();
    }
  });
});
