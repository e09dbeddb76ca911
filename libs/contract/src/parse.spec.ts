import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTransaction } from './index.js';

const valid = {
  transaction_id: 'tx-1',
  occurred_at: '2026-01-05T13:37:00+01:00',
  amount: 1234,
  currency: 'EUR',
  card_id: 'card-1',
  merchant_id: 'merchant-1',
};

const fieldsOf = (value: unknown): Record<string, string> => {
  const parsed = parseTransaction(value);
  return parsed.ok ? {} : Object.fromEntries(parsed.errors.map((e) => [e.field, e.code]));
};

describe('parseTransaction', () => {
  it('reads the event time and the offset of its place', () => {
    expect(parseTransaction(valid)).toMatchObject({
      ok: true,
      occurredAtMs: Date.UTC(2026, 0, 5, 12, 37),
      offsetMinutes: 60,
    });
  });

  it('takes every optional field and fields that it does not know', () => {
    const full = {
      ...valid,
      customer_id: 'c',
      terminal_id: 't',
      merchant_category: '5411',
      channel: 'pos',
      country: 'FR',
      device_id: 'd',
      ip: '2001:db8::1',
      email_hash: 'a'.repeat(64),
      latitude: 48.85,
      longitude: 2.35,
      metadata: { basket: [1, 2] },
      loyalty: 'gold',
    };
    expect(parseTransaction(full)).toMatchObject({ ok: true, transaction: full });
  });

  it('names every wrong field at once', () => {
    const wrong = {
      transaction_id: 'with space',
      occurred_at: '2026-01-05 13:37',
      amount: 12.5,
      currency: 'eur',
      card_id: '',
      merchant_category: '541',
      channel: 'pigeon',
      country: 'France',
      ip: '1.2.3',
      latitude: 91,
      metadata: [],
    };
    expect(fieldsOf(wrong)).toEqual({
      merchant_id: 'required',
      transaction_id: 'format',
      occurred_at: 'format',
      amount: 'type',
      currency: 'format',
      card_id: 'format',
      merchant_category: 'format',
      channel: 'choice',
      country: 'format',
      ip: 'format',
      latitude: 'range',
      metadata: 'type',
    });
  });

  it('puts the path of a batch before the field names', () => {
    const parsed = parseTransaction({ ...valid, amount: -1 }, 'transactions[3]');
    expect(parsed).toMatchObject({ ok: false, errors: [{ field: 'transactions[3].amount', code: 'range' }] });
  });

  it.each([
    '4111111111111111',
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    '4111.1111.1111.1111',
    4111111111111111,
    Number('4000000000000000006'),
  ])('refuses the card number %s with its own code and does not repeat it', (card_id) => {
    const parsed = parseTransaction({ ...valid, card_id });
    expect(parsed).toMatchObject({
      ok: false,
      code: 'card_number_refused',
      errors: [{ field: 'card_id' }],
    });
    expect(JSON.stringify(parsed)).not.toMatch(/4111|4000/);
  });

  it('refuses an event beyond the latest moment that is allowed', () => {
    const at = Date.parse(valid.occurred_at);
    expect(parseTransaction(valid, '', at).ok).toBe(true);
    expect(parseTransaction(valid, '', at - 1)).toMatchObject({
      ok: false,
      errors: [{ field: 'occurred_at', code: 'range' }],
    });
  });

  it('refuses metadata that is nested too deep, however deep', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: [nested(levels - 1)] });
    expect(parseTransaction({ ...valid, metadata: nested(15) }).ok).toBe(true);
    expect(parseTransaction({ ...valid, metadata: nested(17) })).toMatchObject({
      errors: [{ field: 'metadata', code: 'depth' }],
    });
    const abyss: unknown = JSON.parse(`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`);
    expect(parseTransaction({ ...valid, metadata: abyss })).toMatchObject({ errors: [{ code: 'depth' }] });
  });

  it('takes digits that are no card number', () => {
    expect(parseTransaction({ ...valid, card_id: '4111111111111112' }).ok).toBe(true);
    expect(parseTransaction({ ...valid, card_id: '596' }).ok).toBe(true);
  });

  it('never throws and never repeats a value, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        expect(parseTransaction(anything).ok).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(valid)), (field) => {
        const parsed = parseTransaction({ ...valid, [field]: 'sécret-värde ' });
        expect(parsed.ok).toBe(false);
        expect(JSON.stringify(parsed)).not.toContain('sécret');
      }),
    );
  });
});
