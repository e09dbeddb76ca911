import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
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

it('answers a request that came while its connection was being closed: nobody waits for ever', async () => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const Connection = load('kafkajs/src/network/connection') as new (options: object) => {
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    send(request: object): Promise<void>;
    requestQueue: { inflight: Map<number, unknown>; waitForPendingRequests(): Promise<void> };
  };
  const request = (load('kafkajs/src/protocol/requests/apiVersions/v0/request') as () => object)();
  const logger = { namespace: () => ({ debug: () => undefined, error: () => undefined }) };
  const { port } = server.address() as AddressInfo;
  const socketFactory = (load('kafkajs/src/network/socketFactory') as () => object)();
  const address = { host: '127.0.0.1', port };
  const one = new Connection({
    ...address,
    logger,
    socketFactory,
    connectionTimeout: 1000,
    requestTimeout: 60_000,
  });
  await one.connect();
  // Nothing is under way when that is looked at, and then something is.
  one.requestQueue.waitForPendingRequests = () => Promise.resolve();
  const sent = one.send({ request, response: {} });
  await vi.waitUntil(() => one.requestQueue.inflight.size === 1);
  await one.disconnect();
  await expect(sent).rejects.toThrow('Closed connection');
  server.close();
});

it('ends fetchers that were made while their consumer was being stopped: they would hold the process for ever', async () => {
  const { prototype } = load('kafkajs/src/consumer/runner') as {
    prototype: { fetch(this: object, node: number): Promise<unknown[]> };
  };
  const createFetchManager = load('kafkajs/src/consumer/fetchManager') as (options: object) => {
    start(): Promise<void>;
    getFetchers(): unknown[];
  };
  const logger = { namespace: () => logger, debug: () => undefined, info: () => undefined };
  let asked = 0;
  const runner = { running: false, logger, consumerGroup: {}, fetchManager: {} };
  const fetchManager = createFetchManager({
    logger,
    getNodeIds: () => [1, 2],
    fetch: (node: number) => {
      asked += 1;
      if (asked > 1000) throw new Error('fetched without end');
      return prototype.fetch.call(runner, node);
    },
    handler: () => undefined,
  });
  runner.fetchManager = fetchManager;
  await expect(fetchManager.start()).resolves.toBeUndefined();
});
