import { describe, expect, it } from 'vitest';
import { Sequence } from './sequence.js';

const read = (sequence: Sequence): Record<string, unknown> =>
  JSON.parse(sequence.next().bytes.toString('utf8')) as Record<string, unknown>;

describe('Sequence', () => {
  it('gives every transaction an id and a time of its own, and time never runs backwards', () => {
    const sequence = new Sequence('own');
    sequence.seek(16_380);
    const some = Array.from({ length: 10 }, () => read(sequence));
    expect(new Set(some.map((t) => t['transaction_id'])).size).toBe(10);
    const times = some.map((t) => Date.parse(t['occurred_at'] as string));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('names the card of each, and gives the same one wherever it is sought', () => {
    const sequence = new Sequence('own');
    sequence.seek(41);
    const { bytes, cardId } = sequence.next();
    const first = bytes.toString('latin1');
    expect(first).toContain(`"card_id":"${cardId}"`);
    sequence.seek(41);
    expect(sequence.next().bytes.toString('latin1')).toBe(first);
  });

  it('writes the same transactions for the peer, each with a device and an address', () => {
    const own = new Sequence('own');
    const peer = new Sequence('peer');
    for (let i = 0; i < 200; i++) {
      const ours = read(own);
      const theirs = read(peer);
      expect(Object.keys(theirs)).toEqual([
        'transaction_id',
        'timestamp',
        'card_id',
        'merchant_id',
        'device_id',
        'ip',
        'amount',
        'currency',
      ]);
      expect(theirs['device_id']).toBe(ours['device_id'] ?? ours['terminal_id']);
      expect(theirs['ip']).toMatch(/^10(\.\d{1,3}){3}$/);
      expect(theirs).toMatchObject({
        transaction_id: ours['transaction_id'],
        timestamp: ours['occurred_at'],
        card_id: ours['card_id'],
        amount: (ours['amount'] as number) / 100,
      });
    }
  });

  it('refuses what stands in front of the JSON in different lengths', () => {
    expect(() => new Sequence('own', (json) => `${'x'.repeat(json.length % 2)}${json}`)).toThrow('line up');
  });
});
