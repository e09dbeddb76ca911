import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

interface Grouping<Message> {
  readonly topic: string;
  readonly partitionMetadata: unknown;
  readonly messages: readonly Message[];
  readonly partitioner: (args: { topic: string; partitionMetadata: unknown; message: Message }) => number;
}

/** As kafkajs 2.2.4 does it, but for the list: that one copies it anew for every message, which is quadratic. */
function groupMessagesPerPartition<Message>(grouping: Grouping<Message>): Record<number, Message[]> {
  const { topic, partitionMetadata, messages, partitioner } = grouping;
  const groups: Record<number, Message[]> = {};
  for (const message of messages) {
    const partition = partitioner({ topic, partitionMetadata, message });
    const group = groups[partition];
    if (group === undefined) groups[partition] = [message];
    else group.push(message);
  }
  return groups;
}

// Replaced before the client is loaded, since that takes hold of it then.
const original = load.resolve('kafkajs/src/producer/groupMessagesPerPartition');
load(original);
load.cache[original]!.exports = groupMessagesPerPartition;

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
}
type Schedule = (this: RequestQueue) => void;

const { prototype } = load('kafkajs/src/network/requestQueue') as {
  prototype: { scheduleCheckPendingRequests: Schedule };
};
const { scheduleCheckPendingRequests } = prototype;

/**
 * kafkajs 2.2.4 looks after its queue with a timer whose delay is negative while nothing waits and nobody throttles; Node
 * makes that one millisecond, so every connection wakes the process a thousand times a second, and Node 24 and later warn
 * of it. Only what waits or is throttled needs to be looked after.
 */
prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
  if (this.pending.length > 0 || this.throttledUntil > Date.now()) scheduleCheckPendingRequests.call(this);
};

interface Connection {
  readonly host: string;
  readonly port: number;
  rejectRequests(error: Error): void;
}
type Disconnect = (this: Connection) => Promise<boolean>;

const connection = load('kafkajs/src/network/connection') as { prototype: { disconnect: Disconnect } };
const { disconnect } = connection.prototype;
const { KafkaJSConnectionClosedError } = load('kafkajs/src/errors') as {
  KafkaJSConnectionClosedError: new (message: string, address: { host: string; port: number }) => Error;
};

/**
 * kafkajs 2.2.4 takes requests until a connection is closed, but has rejected those under way before that, and stops looking at their
 * timeouts: one that comes in between is never answered, and whoever waits for it waits for ever. Such are rejected at the end.
 */
connection.prototype.disconnect = async function (this: Connection): Promise<boolean> {
  const disconnected = await disconnect.call(this);
  const { host, port } = this;
  this.rejectRequests(new KafkaJSConnectionClosedError('Closed connection', { host, port }));
  return disconnected;
};

interface Runner {
  readonly running: boolean;
  readonly fetchManager: { getFetchers(): readonly { stop(): Promise<void> }[] };
}
type Fetch = (this: Runner, nodeId: number) => Promise<unknown[]>;

const runner = load('kafkajs/src/consumer/runner') as { prototype: { fetch: Fetch } };
const { fetch } = runner.prototype;

/**
 * kafkajs 2.2.4 makes its fetchers anew where the brokers have changed, also while a consumer is being stopped: nobody stops those. Each gets nothing, at once,
 * and asks again, without a turn of the event loop in between: the process does nothing else any more, and hears no signal. Here they end.
 */
runner.prototype.fetch = async function (this: Runner, nodeId: number): Promise<unknown[]> {
  if (this.running) return await fetch.call(this, nodeId);
  for (const fetcher of this.fetchManager.getFetchers()) void fetcher.stop();
  return [];
};

/** The Kafka client with four of its faults mended. Import it from here, never from the package. */
export default load('kafkajs') as typeof import('kafkajs');
