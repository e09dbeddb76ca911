import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig, redisSettings, type ClusterSettings } from '@fraud/platform';
import { startServices, type ServiceNode } from '../../scripts/lib/services/for-tests.mjs';

/** A Redis of several processes that belongs to the test alone. */
export interface RedisNodes {
  /** Where clients begin: a URL, or a list of host:port. */
  readonly address: string;
  /** What a process takes to find it. */
  readonly env: Record<string, string>;
  readonly nodes: readonly ServiceNode[];
  stop(): Promise<void>;
}

/** Three primaries and a replica of each, in this order. */
export interface RedisCluster extends RedisNodes {
  readonly settings: ClusterSettings;
}

export async function startRedisCluster(): Promise<RedisCluster> {
  const started = await start('redis-cluster', 'REDIS_CLUSTER_NODES');
  return { ...started, settings: redisSettings(loadConfig(started.env)) as ClusterSettings };
}

/** One server, not the shared one: it may be killed. */
export const startOwnRedis = (): Promise<RedisNodes> => start('redis', 'REDIS_URL');

/** A primary, a replica and three sentinels, in this order. */
export const startRedisSentinel = (): Promise<RedisNodes> => start('redis-sentinel', 'REDIS_SENTINELS');

async function start(name: string, variable: string): Promise<RedisNodes> {
  const directory = await mkdtemp(path.join(tmpdir(), 'fraud-redis-'));
  const { urls, nodes, stop } = await startServices([name], directory, { own: true });
  return { address: urls[name]!, env: { [variable]: urls[name]! }, nodes: nodes[name]!, stop };
}
