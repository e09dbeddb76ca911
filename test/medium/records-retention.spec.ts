import { openDatabase, type DecisionEntry } from '@fraud/records';
import { describe, expect, it } from 'vitest';
import { aDecisionEntry, aLabelEntry, DATABASES, linesOf, openRecords } from '../support/records.js';

const DAY_MS = 86_400_000;
const idOf = (entry: DecisionEntry): string => entry.decision.decision_id;
const transactionOf = (entry: DecisionEntry): string => entry.transaction.transaction_id;

describe.each(DATABASES)('retention in %s', (kind) => {
  it('drops weeks that are past, whole, with all that stands beside their decisions; and what comes for them later is recorded again', async () => {
    const open = await openRecords(kind, 'records_retention', 90);
    const { store } = open;
    const now = Date.UTC(2031, 4, 14, 12);
    const decidedDaysAgo = (days: number) =>
      aDecisionEntry({ decision: { decided_at: new Date(now - days * DAY_MS).toISOString() } });
    // Wednesday: 90 days before is a Thursday, whose week is not over then.
    const [fresh, edge, past, older] = [1, 90, 98, 400].map(decidedDaysAgo) as [
      DecisionEntry,
      DecisionEntry,
      DecisionEntry,
      DecisionEntry,
    ];
    const all = [fresh, edge, past, older];
    const early = { labelled_at: '2030-01-01T00:00:00Z', received_at: '2030-01-01T00:00:00Z' };
    await store.write(
      linesOf([
        ...all,
        ...all.map((entry) => aLabelEntry(transactionOf(entry), early)),
        aLabelEntry('never decided', early),
        aLabelEntry('not decided yet', { ...early, received_at: new Date(now).toISOString() }),
      ]),
    );
    // And those that were made for the weeks of this test.
    const dropped = await store.retain(now);
    expect(dropped.filter((name) => name > 'decisions_2030')).toEqual([
      'decisions_20300408',
      'decisions_20310203',
    ]);
    expect(await store.retain(now)).toEqual([]);
    for (const entry of [past, older]) expect(await store.get(idOf(entry))).toBeNull();
    for (const entry of [fresh, edge]) expect(await store.get(idOf(entry))).not.toBeNull();
    const left = await store.labels([...all.map(transactionOf), 'never decided', 'not decided yet']);
    expect(left.map(({ transaction_id }) => transaction_id).toSorted()).toEqual(
      [transactionOf(fresh), transactionOf(edge), 'not decided yet'].toSorted(),
    );
    expect((await store.claimLabels(100, 0)).map(({ decisionId }) => decisionId).toSorted()).toEqual(
      [fresh, edge].map(idOf).toSorted(),
    );
    expect(await store.write(linesOf([older, fresh]))).toMatchObject({ decisions: 1, duplicates: 1 });
    expect(await store.get(idOf(older))).not.toBeNull();
    await open.close();
  });

  it('is for who keeps the records: who only reads drops nothing, however old it is', async () => {
    const open = await openRecords(kind, 'records_readers', 90);
    const old = aDecisionEntry({ decision: { decided_at: '2020-01-01T00:00:00.000Z' } });
    await open.store.write(linesOf([old]));
    // The embedded database has one owner; its readers go through that one's interface.
    if (open.url !== '') {
      const reader = await openDatabase({ url: open.url }, { retentionDays: null });
      await reader.retain(Date.now());
      await reader.close();
    }
    expect(await open.store.get(idOf(old))).not.toBeNull();
    await open.close();
  });

  it('another process that has dropped a week does not hold up one that still knows it', async () => {
    const open = await openRecords(kind, 'records_dropped', 90);
    const { store, url } = open;
    const old = () => aDecisionEntry({ decision: { decided_at: '2020-01-01T00:00:00.000Z' } });
    await store.write(linesOf([old()]));
    const other = url === '' ? store : await openDatabase({ url }, { retentionDays: 90 });
    await other.retain(Date.now());
    if (other !== store) await other.close();
    expect(await store.write(linesOf([old(), aDecisionEntry()]))).toMatchObject({ decisions: 2 });
    await open.close();
  });
});
