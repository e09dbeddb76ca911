import { createRequire } from 'node:module';
import { expect, it, vi } from 'vitest';
import kafkajs from './kafkajs.js';

const load = createRequire(import.meta.url);

it('groups messages by partition in their order, in the client that producers use', () => {
  expect(kafkajs.Kafka).toBeDefined();
  const group = load('kafkajs/src/producer/groupMessagesPerPartition') as (grouping: object) => unknown;
  const messages = [3, 1, 4, 1, 5, 9, 2, 6].map((value) => ({ value }));
  const partitioner = ({ message }: { message: { value: number } }): number => message.value % 2;
  expect(group({ topic: 't', partitionMetadata: [], messages, partitioner })).toEqual({
    0: [{ value: 4 }, { value: 2 }, { value: 6 }],
    1: [{ value: 3 }, { value: 1 }, { value: 1 }, { value: 5 }, { value: 9 }],
  });
});

it('sets no timer for a queue in which nothing waits, and one where something does', () => {
  const Queue = load('kafkajs/src/network/requestQueue') as {
    prototype: { scheduleCheckPendingRequests(): void };
  };
  const setTimer = vi.spyOn(globalThis, 'setTimeout');
  try {
    const look = (queue: object): void => Queue.prototype.scheduleCheckPendingRequests.call(queue);
    look({ pending: [], throttledUntil: -1 });
    expect(setTimer).not.toHaveBeenCalled();
    const waiting = { pending: [{}], throttledUntil: -1, throttleCheckTimeoutId: undefined };
    look(waiting);
    expect(setTimer).toHaveBeenCalledOnce();
    clearTimeout(waiting.throttleCheckTimeoutId);
  } finally {
    setTimer.mockRestore();
  }
});
