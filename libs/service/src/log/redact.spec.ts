import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from './redact.js';

/** A number of so many digits that passes the Luhn check. */
function cardNumber(digits: string): string {
  let sum = 0;
  [...digits].toReversed().forEach((digit, i) => {
    const n = Number(digit) * (i % 2 === 0 ? 2 : 1);
    sum += n > 9 ? n - 9 : n;
  });
  return digits + String((10 - (sum % 10)) % 10);
}

const aCard = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 18 })
  .map((digits) => cardNumber(digits.join('')));

describe('redact', () => {
  it('takes out every card number, whatever stands around it', () => {
    const before = fc.constantFrom('', ' ', '"', ':', ',', '(', '\n', 'card-', '"card":"');
    const after = fc.constantFrom('', ' ', '"', ':', ',', ')', '\n', '-end', '.');
    fc.assert(
      fc.property(aCard, before, after, (card, left, right) => {
        expect(redact(`refused ${left}${card}${right} twice`)).not.toContain(card);
      }),
    );
  });

  it.each(['4111 1111 1111 1111', '4111-1111-1111-1111', '3782.822463.10005'])(
    'takes out %s, as people write it',
    (card) => {
      expect(redact(`{"message":"bad value ${card}."}`)).toBe('{"message":"bad value [redacted]."}');
    },
  );

  it('keeps JSON readable', () => {
    const line = JSON.stringify({
      a: 4_111_111_111_111_111,
      b: [378282246310005],
      c: '5555555555554444,',
      d: 0.411111111111111,
    });
    expect(JSON.parse(redact(line))).toEqual({ a: 0, b: [0], c: '[redacted],', d: 0.411111111111111 });
  });

  it('leaves ids, times, amounts and numbers that are no cards as they are', () => {
    const lines = [
      '{"time":"2026-11-26T23:43:55.123Z","partition":3,"offset":"1764200000000"}',
      'joined the group: partitions 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 of transactions',
      '4111111111111112',
      'at 127.0.0.1:6379, 8 ms',
    ];
    expect(lines.map(redact)).toEqual(lines);
    const ids = Array.from({ length: 20_000 }, () => `${randomUUID()} ${randomBytes(16).toString('hex')}`);
    expect(ids.filter((id) => redact(id) !== id)).toEqual([]);
  });

  it.each([
    ['redis://user:secret@redis:6379/0', 'redis://[redacted]@redis:6379/0'],
    ['postgres://fraud:p%40ss:w@db/records', 'postgres://[redacted]@db/records'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer [redacted]'],
    ['http://localhost:8000/health', 'http://localhost:8000/health'],
  ])('of %s writes %s', (line, expected) => {
    expect(redact(line)).toBe(expected);
  });
});
