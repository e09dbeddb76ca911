import type { Admin } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import kafkajs from './kafkajs.js';
import { topicOffsets } from './topic-offsets.js';

const OFFSETS = [{ partition: 0, offset: '7', high: '7', low: '0' }];

const protocolError = (retriable: boolean): Error =>
  Object.assign(new kafkajs.KafkaJSProtocolError('This server is not the leader for that topic-partition'), {
    retriable,
  });

/** Fails so often, and forgets its leaders only when it connects anew. */
function anAdmin(failures: Error[]): { admin: Admin; reconnects: () => number } {
  let connects = 0;
  const admin = {
    fetchTopicOffsets: () => {
      const failure = failures.shift();
      return failure === undefined ? Promise.resolve(OFFSETS) : Promise.reject(failure);
    },
    disconnect: () => Promise.resolve(),
    connect: () => {
      connects += 1;
      return Promise.resolve();
    },
  } as unknown as Admin;
  return { admin, reconnects: () => connects };
}

describe('the offsets of a topic', () => {
  it('asks for the leaders anew as often as a broker does not lead what it was known to lead', async () => {
    const { admin, reconnects } = anAdmin([protocolError(true), protocolError(true)]);
    expect(await topicOffsets(admin, 'transactions')).toEqual(OFFSETS);
    expect(reconnects()).toBe(2);
  });

  it('fails at once where asking anew does not help', async () => {
    const { admin, reconnects } = anAdmin([protocolError(false)]);
    await expect(topicOffsets(admin, 'transactions')).rejects.toThrow('not the leader');
    expect(reconnects()).toBe(0);
  });

  it('fails in the end where no leader answers', async () => {
    const { admin } = anAdmin(Array.from({ length: 100 }, () => protocolError(true)));
    await expect(topicOffsets(admin, 'transactions')).rejects.toThrow('not the leader');
  });
});
