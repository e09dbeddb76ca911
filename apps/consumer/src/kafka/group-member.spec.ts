import type { ConsumerRunConfig, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { describe, expect, it, vi } from 'vitest';
import { GroupMember, type SliceHandler } from './group-member.js';
import { NotNow } from './slice-answer.js';

/** A client that never ends by itself, and hands out what the test fetches. */
function clientOf(): { kafka: Kafka; eachBatch: (payload: EachBatchPayload) => Promise<void> } {
  let run: ConsumerRunConfig = {};
  const consumer = {
    events: { GROUP_JOIN: 'join', CRASH: 'crash' },
    on: () => undefined,
    connect: () => Promise.resolve(),
    subscribe: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    run: (config: ConsumerRunConfig) => {
      run = config;
      return Promise.resolve();
    },
  };
  const kafka = { consumer: () => consumer } as unknown as Kafka;
  return { kafka, eachBatch: (payload) => run.eachBatch!(payload) };
}

function batchOf(partition: number, count: number) {
  const messages = Array.from({ length: count }, (_, i) => ({ offset: String(i) }) as KafkaMessage);
  const resume = vi.fn<() => void>();
  const pause = vi.fn<() => () => void>(() => resume);
  const committed: string[] = [];
  const payload = {
    batch: { topic: 'transactions', partition, messages },
    pause,
    heartbeat: () => Promise.resolve(),
    isRunning: () => true,
    isStale: () => false,
    resolveOffset: () => undefined,
    commitOffsetsIfNecessary: ({ topics }: { topics: { partitions: { offset: string }[] }[] }) => {
      committed.push(topics[0]!.partitions[0]!.offset);
      return Promise.resolve();
    },
  } as unknown as EachBatchPayload;
  return { payload, pause, resume, committed };
}

async function started(handle: SliceHandler) {
  const { kafka, eachBatch } = clientOf();
  const held: (readonly [number, string | null])[] = [];
  const observer = {
    joined: () => undefined,
    committed: () => undefined,
    left: () => undefined,
    held: (...change: readonly [number, string | null]) => held.push(change),
  };
  const options = { groupId: 'g', topic: 'transactions', maxPollRecords: 10, partitionsConcurrently: 4 };
  const member = new GroupMember(kafka, options, handle, observer);
  await member.start();
  return { member, eachBatch, held };
}

describe('GroupMember', () => {
  it('ends with the first slice that fails, also where the client goes on: else nothing would move any more', async () => {
    const { member, eachBatch } = await started(() => Promise.reject(new Error('no broker')));
    await expect(eachBatch(batchOf(0, 5).payload)).rejects.toThrow('no broker');
    expect((await member.ended).message).toBe('no broker');
  });

  it('begins no slice of another partition once one has failed', async () => {
    const handle = vi.fn<SliceHandler>(() => Promise.reject(new Error('no broker')));
    const { eachBatch } = await started(handle);
    await expect(eachBatch(batchOf(0, 5).payload)).rejects.toThrow('no broker');
    await eachBatch(batchOf(1, 5).payload);
    expect(handle).toHaveBeenCalledTimes(1);
  });

  it('goes on behind a rebalance, with its partitions resumed', async () => {
    const rebalance = Object.assign(new Error('rebalancing'), { type: 'REBALANCE_IN_PROGRESS' });
    const handle = vi.fn<SliceHandler>().mockRejectedValueOnce(rebalance).mockResolvedValue(undefined);
    const { eachBatch, held } = await started(handle);
    const first = batchOf(0, 25);
    await expect(eachBatch(first.payload)).rejects.toBe(rebalance);
    expect(first.resume).toHaveBeenCalledTimes(1);
    const again = batchOf(0, 25);
    await eachBatch(again.payload);
    expect(again.committed).toEqual(['10', '20', '25']);
    expect(held.at(-1)).toEqual([0, null]);
  });

  it('pauses a long batch while it is worked off, and a short one not at all', async () => {
    const { eachBatch, held } = await started(() => Promise.resolve());
    const long = batchOf(3, 25);
    await eachBatch(long.payload);
    const short = batchOf(4, 10);
    await eachBatch(short.payload);
    expect([long.pause, long.resume, short.pause].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 0]);
    expect(held).toEqual([
      [3, 'busy'],
      [3, null],
    ]);
  });

  it('commits nothing of a slice that is put off, pauses its partition and resumes it later', async () => {
    vi.useFakeTimers();
    try {
      const { eachBatch, held } = await started(() => Promise.reject(new NotNow('features_unavailable')));
      const { payload, resume, committed } = batchOf(2, 25);
      await eachBatch(payload);
      expect(committed).toEqual([]);
      expect(held).toEqual([[2, 'features_unavailable']]);
      expect(resume).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1000);
      expect(resume).toHaveBeenCalledTimes(1);
    } finally {
      vi.useRealTimers();
    }
  });
});
