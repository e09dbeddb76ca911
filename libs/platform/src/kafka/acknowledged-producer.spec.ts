import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestsOf, type OutgoingMessage } from './acknowledged-producer.js';

const message = fc.record({
  topic: fc.constantFrom('a', 'b'),
  key: fc.option(fc.string({ maxLength: 20 })),
  value: fc.integer({ min: 0, max: 900_000 }).map((length) => Buffer.alloc(length)),
});

const bytes = (messages: readonly OutgoingMessage[]): number =>
  messages.reduce((n, { key, value }) => n + (key?.length ?? 0) + (value?.length ?? 0), 0);

describe('the requests of a list of messages', () => {
  it('hold each message once and in its order, and are no larger than brokers take', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 30 }), (messages) => {
        const requests = [...requestsOf(messages)];
        expect(requests.flat()).toEqual(messages);
        expect(requests.filter((request) => request.length === 0)).toEqual([]);
        expect(requests.filter((r) => r.length > 1 && bytes(r) >= 1_000_000)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('are one where all fits, and none where there is nothing', () => {
    const small = Array.from({ length: 500 }, () => ({ topic: 'a', key: 'k', value: 'x'.repeat(900) }));
    expect([...requestsOf(small)]).toHaveLength(1);
    expect([...requestsOf([])]).toEqual([]);
  });
});
