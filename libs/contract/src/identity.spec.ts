import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identify, type Transaction } from './index.js';

const base: Transaction = {
  transaction_id: 'tx-1',
  occurred_at: '2026-01-05T13:37:00Z',
  amount: 1234,
  currency: 'EUR',
  card_id: 'card-1',
  merchant_id: 'merchant-1',
};

describe('identify', () => {
  it('gives a decision id that is a UUID of version 8 and follows from the transaction id alone', () => {
    const id = identify(base).decisionId;
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(identify({ ...base, amount: 1 }).decisionId).toBe(id);
    expect(identify({ ...base, transaction_id: 'tx-2' }).decisionId).not.toBe(id);
  });

  it('gives equal content the same hash whatever the order of its keys', () => {
    const turned = Object.fromEntries(
      Object.entries({ ...base, metadata: { a: 1, b: { c: 2, d: 3 } } }).toReversed(),
    );
    const same = { ...base, metadata: { b: { d: 3, c: 2 }, a: 1 } };
    expect(identify(turned as unknown as Transaction).contentHash).toBe(identify(same).contentHash);
  });

  it('tells a change of any single field', () => {
    const changes: Partial<Transaction>[] = [
      { occurred_at: '2026-01-05T13:37:01Z' },
      { amount: 1235 },
      { currency: 'USD' },
      { card_id: 'card-2' },
      { merchant_id: 'merchant-2' },
      { customer_id: 'x' },
      { terminal_id: 'x' },
      { merchant_category: '1234' },
      { channel: 'pos' },
      { country: 'FR' },
      { device_id: 'x' },
      { ip: '1.2.3.4' },
      { email_hash: 'a'.repeat(32) },
      { latitude: 1 },
      { longitude: 1 },
      { metadata: { a: 1 } },
    ];
    const hashes = changes.map((change) => identify({ ...base, ...change }).contentHash);
    expect(new Set([identify(base).contentHash, ...hashes]).size).toBe(changes.length + 1);
  });

  it('does not confuse neighbouring fields', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{1,8}$/), fc.stringMatching(/^[!-~]{1,8}$/), (a, b) => {
        fc.pre(a !== b);
        const one = identify({ ...base, customer_id: a, terminal_id: b }).contentHash;
        expect(identify({ ...base, customer_id: b, terminal_id: a }).contentHash).not.toBe(one);
      }),
    );
  });
});
