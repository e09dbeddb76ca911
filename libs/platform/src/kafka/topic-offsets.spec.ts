import type { Admin } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import kafkajs from './kafkajs.js';
import { topicOffsets } from './topic-offsets.js';

const OFFSETS = [{ partition: 0, offset: '7', high: '7', low: '0' }];

const protocolError = (retriable: boolean): Error =>
  Object.assign(new kafkajs.KafkaJSProtocolError('This server is not the leader for that topic-partition'), {
    retriable,
  });

/** Fails so often, and may not list groups; asking for them reads the leaders all the same. */
function anAdmin(failures: Error[]): { admin: Admin; asked: () => number } {
  let refreshed = 0;
  const admin = {
    fetchTopicOffsets: () => {
      const failure = failures.shift();
      return failure === undefined ? Promise.resolve(OFFSETS) : Promise.reject(failure);
    },
    listGroups: () => {
      refreshed += 1;
      return Promise.reject(new Error('not allowed'));
    },
  } as unknown as Admin;
  return { admin, asked: () => refreshed };
}

describe('the offsets of a topic', () => {
  it('asks for the leaders anew as often as a broker does not lead what it was known to lead', async () => {
    const { admin, asked } = anAdmin([protocolError(true), protocolError(true)]);
    expect(await topicOffsets(admin, 'transactions')).toEqual(OFFSETS);
    expect(asked()).toBe(2);
  });

  it('fails at once where asking anew does not help', async () => {
    const { admin, asked } = anAdmin([protocolError(false)]);
    await expect(topicOffsets(admin, 'transactions')).rejects.toThrow('not the leader');
    expect(asked()).toBe(0);
  });

  it('fails in the end where no leader answers', async () => {
    const { admin } = anAdmin(Array.from({ length: 100 }, () => protocolError(true)));
    await expect(topicOffsets(admin, 'transactions')).rejects.toThrow('not the leader');
  });
});
