import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '@fraud/platform';
import { InParts } from './in-parts.js';

const message = (value: string | Buffer | null): OutgoingMessage => ({ topic: 't', key: null, value });
const bytesIn = (part: readonly OutgoingMessage[]): number =>
  part.reduce((sum, { value }) => sum + (value === null ? 0 : Buffer.byteLength(value)), 0);

describe('messages that are sent in parts', () => {
  it('go out once and in their order, in parts within both bounds; only what is larger than a part goes alone and beyond it', async () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.string({ maxLength: 30 }),
      fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 60 }),
        async (values, messages, bytes) => {
          const sent: (readonly OutgoingMessage[])[] = [];
          const parts = new InParts({ messages, bytes }, async (part) => void sent.push(part));
          const all = values.map(message);
          for (const one of all) await parts.add(one);
          await parts.flush();
          expect(sent.flat()).toEqual(all);
          expect(parts.sent).toBe(all.length);
          const tooLarge = sent.filter(
            (part) => part.length > messages || (part.length > 1 && bytesIn(part) > bytes),
          );
          expect(tooLarge).toEqual([]);
          expect(sent.filter((part) => part.length === 0)).toEqual([]);
        },
      ),
    );
  });

  it('that the brokers did not take are not counted as sent', async () => {
    const parts = new InParts({ messages: 1, bytes: 100 }, () => Promise.reject(new Error('no broker')));
    await expect(parts.add(message('one'))).rejects.toThrow('no broker');
    expect(parts.sent).toBe(0);
  });
});
