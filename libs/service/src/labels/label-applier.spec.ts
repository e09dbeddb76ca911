import type { ErrorCode, ParsedTransaction, Transaction } from '@fraud/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryLabelRecords } from '../../../../test/support/memory-label-records.js';
import { aTransaction } from '../../../../test/support/transactions.js';
import { until } from '../../../../test/support/until.js';
import { LabelApplier } from './label-applier.js';

/** Features that know frauds, once however often they are told. */
class Features {
  away = false;
  readonly told: string[] = [];
  readonly frauds = new Set<string>();

  applyLabel({ transaction }: ParsedTransaction, fraud: boolean): Promise<boolean> {
    if (this.away) return Promise.reject(new Error('no Redis'));
    const { transaction_id: id } = transaction;
    this.told.push(id);
    const changed = this.frauds.has(id) !== fraud;
    if (fraud) this.frauds.add(id);
    else this.frauds.delete(id);
    return Promise.resolve(changed);
  }
}

const label = ({ transaction_id }: Transaction, fraud: boolean, day = 1): string =>
  `${JSON.stringify({
    kind: 'label',
    transaction_id,
    fraud,
    source: 'chargeback',
    labelled_at: `2026-02-0${day}T00:00:00Z`,
    received_at: '2026-02-09T00:00:00Z',
  })}\n`;

const appliers: LabelApplier[] = [];
afterEach(async () => {
  for (const applier of appliers.splice(0)) await applier.close();
});

function start(records: MemoryLabelRecords, features: Features, leaseMs = 200): ErrorCode[] {
  const failures: ErrorCode[] = [];
  const failed = (code: ErrorCode): void => void failures.push(code);
  const applier = new LabelApplier(records.store, features, failed, { leaseMs, everyMs: 5 });
  appliers.push(applier);
  applier.start();
  return failures;
}

function decided(count: number): { records: MemoryLabelRecords; features: Features; all: Transaction[] } {
  const records = new MemoryLabelRecords();
  const all = Array.from({ length: count }, () => aTransaction());
  for (const transaction of all) records.decide(transaction);
  return { records, features: new Features(), all };
}

describe('the label applier', () => {
  it('tells features of every label of a decided transaction once, and of its correction', async () => {
    const { records, features, all } = decided(450);
    records.append(all.map((t) => label(t, true)).join(''));
    records.append(label(aTransaction(), true));
    start(records, features);
    await until(() => features.frauds.size === 450, 5);
    expect(features.told).toEqual(all.map((t) => t.transaction_id));
    records.append(label(all[3]!, false, 2));
    await until(() => features.frauds.size === 449, 5);
    await until(() => records.applied[all[3]!.transaction_id] === false, 5);
    expect(features.told).toHaveLength(451);
  });

  it('tells what it could not tell while the store was away, and reports that', async () => {
    const { records, features, all } = decided(3);
    features.away = true;
    const failures = start(records, features);
    records.append(all.map((t) => label(t, true)).join(''));
    await until(() => failures.length > 0, 5);
    expect(failures[0]).toBe('label_not_applied');
    expect(Object.values(records.applied)).toEqual([null, null, null]);
    features.away = false;
    await until(() => Object.values(records.applied).every((fraud) => fraud === true), 5);
    expect(features.frauds.size).toBe(3);
  });

  it('waits for records that are away, without a complaint of its own', async () => {
    const { records, features, all } = decided(1);
    records.append(label(all[0]!, true));
    records.away = true;
    const failures = start(records, features);
    await new Promise((resolve) => setTimeout(resolve, 30));
    records.away = false;
    await until(() => features.frauds.size === 1, 5);
    expect(failures).toEqual([]);
  });

  it('ends with the truth where two processes tell at the same time', async () => {
    const { records, features, all } = decided(50);
    start(records, features);
    start(records, features);
    for (let day = 1; day <= 7; day++) {
      records.append(all.map((t, i) => label(t, (i + day) % 2 === 0, day)).join(''));
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    const frauds = all.filter((_, i) => (i + 7) % 2 === 0).map((t) => t.transaction_id);
    await until(() =>
      all.every((t, i) => (records.applied[t.transaction_id] ?? false) === ((i + 7) % 2 === 0)),
    );
    expect([...features.frauds].toSorted()).toEqual(frauds.toSorted());
  });

  it('tells no label late in its lease, when another process may be about to have it', async () => {
    const { records, features, all } = decided(3);
    const slow = features.applyLabel.bind(features);
    features.applyLabel = async (parsed, fraud) => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return await slow(parsed, fraud);
    };
    const claims: number[] = [];
    const { claimLabels } = records.store;
    records.store.claimLabels = async (...asked) => {
      const claimed = await claimLabels(...asked);
      if (claimed.length > 0) claims.push(claimed.length);
      return claimed;
    };
    records.append(all.map((t) => label(t, true)).join(''));
    start(records, features, 100);
    await until(() => features.frauds.size === 3, 5);
    expect(claims).toEqual([3, 2, 1]);
  });

  it('goes on behind a recorded transaction that is not valid', async () => {
    const { records, features, all } = decided(1);
    const broken = { ...aTransaction(), amount: -1 };
    records.decide(broken);
    records.append(label(broken, true) + label(all[0]!, true));
    const failures = start(records, features);
    await until(() => records.applied[broken.transaction_id] === true, 5);
    await until(() => features.frauds.has(all[0]!.transaction_id), 5);
    expect(failures).toEqual(['internal_error']);
  });

  it('ends when it is told to, and leaves what it has not told to others', async () => {
    const { records, features, all } = decided(100);
    features.away = true;
    records.append(all.map((t) => label(t, true)).join(''));
    start(records, features, 50);
    await appliers.pop()!.close();
    features.away = false;
    start(records, features, 50);
    await until(() => features.frauds.size === 100, 5);
    expect(features.told).toHaveLength(100);
  });
});
