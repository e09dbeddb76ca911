import { expect, it } from 'vitest';
import { decisionLine } from './decision-line.js';

const row = (metadata: Record<string, unknown>) => ({
  instance: 'i',
  sequence: 7,
  door: 'http' as const,
  contentHash: 'hash',
  amount: NaN,
  repeated: false,
  vector: 'AAAA',
  contributions: null,
  transaction: { transaction_id: 't', metadata } as never,
  answer: '{"score":1e-7}',
});

it('a line of the spool is one line of JSON, with the answer as it was sent, and no text that a database does not take', () => {
  const line = decisionLine(row({ note: 'a\nb \u0000 \ud800 é 😀 \\u0041', 'k\udfff': 1 }));
  expect(line.indexOf('\n')).toBe(line.length - 1);
  expect(line).toContain('"decision":{"score":1e-7}}');
  expect(JSON.parse(line)).toEqual({
    kind: 'decision',
    instance: 'i',
    sequence: 7,
    door: 'http',
    content_hash: 'hash',
    amount_reference: null,
    repeated: false,
    vector: 'AAAA',
    contributions: null,
    transaction: { transaction_id: 't', metadata: { note: 'a\nb \ufffd \ufffd é 😀 \\u0041', 'k\ufffd': 1 } },
    decision: { score: 1e-7 },
  });
});
