import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '../config-error.js';
import type { Cluster, Redis } from './open.js';
import type { RedisSettings } from './settings.js';
import { databaseOf } from './url.js';

/** So long a start waits for a Redis that neither answers nor refuses, ms. */
const PATIENCE_MS = 2000;

/**
 * Connects. A Redis that is away is no reason not to start, one that refuses is: a wrong password, a database that it does
 * not have (ioredis would use database 0 without a word), a name that the sentinels do not know.
 * @throws ConfigError
 */
export async function connectRedis(client: Redis | Cluster, settings: RedisSettings): Promise<void> {
  let refusal: string | undefined;
  const note = (cause: unknown): void => {
    refusal ??= refusalIn(cause, settings);
  };
  // A failed AUTH is only an event, at a node of a cluster, too.
  const events = ['error', 'node error', 'sentinelError'];
  for (const event of events) client.on(event, note);
  try {
    await Promise.race([connectAndSelect(client, settings), sleep(PATIENCE_MS, undefined, { ref: false })]);
  } catch (cause) {
    note(cause);
  } finally {
    for (const event of events) client.off(event, note);
  }
  if (refusal === undefined) return;
  client.disconnect();
  throw new ConfigError(refusal);
}

async function connectAndSelect(client: Redis | Cluster, settings: RedisSettings): Promise<void> {
  await client.connect();
  if (client.isCluster) {
    // Its nodes are known, but connect at the first command, which would fail meanwhile.
    await Promise.all((client as Cluster).nodes('master').map((node) => node.ping()));
    return;
  }
  if (settings.topology === 'single') await client.select(databaseOf(settings.url));
  if (settings.topology === 'sentinel') await client.select(settings.database);
}

/** What a failure to connect says about the configuration; undefined where somebody is just away. */
function refusalIn(cause: unknown, settings: RedisSettings): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  if (settings.topology === 'sentinel' && UNKNOWN_NAME.test(cause.message)) {
    return `REDIS_MASTER_NAME is "${settings.master}", but the sentinels know no such primary`;
  }
  // What a sentinel said is in the text alone.
  const said = /because ((?:NOAUTH|WRONGPASS|NOPERM)\b.*)/.exec(cause.message)?.[1];
  if (said !== undefined) return `REDIS_SENTINELS names sentinels that refuse: ${said}`;
  // A reply, so somebody is there; everything else is a connection that failed.
  const reply = [cause, (cause as { lastNodeError?: unknown }).lastNodeError].find(isRefusal);
  return reply === undefined
    ? undefined
    : `${NAMED_BY[settings.topology]} a Redis that refuses: ${reply.message}`;
}

const NAMED_BY = {
  single: 'REDIS_URL names',
  sentinel: 'REDIS_SENTINELS leads to',
  cluster: 'REDIS_CLUSTER_NODES leads to',
} as const;

const UNKNOWN_NAME = /invalid reply: null|No such master/;

/** These pass by themselves. */
const TRANSIENT = /^(?:LOADING|MASTERDOWN|CLUSTERDOWN|READONLY|TRYAGAIN|BUSY|UNBLOCKED)\b/;

const isRefusal = (cause: unknown): cause is Error =>
  cause instanceof Error && cause.name === 'ReplyError' && !TRANSIENT.test(cause.message);
