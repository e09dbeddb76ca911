import type { Config } from '../config.js';
import { connectRedis } from '../redis/connect.js';
import { openCluster, openRedis } from '../redis/open.js';
import { RedisPool } from '../redis/pool.js';
import { redisSettings } from '../redis/settings.js';
import type { ControlStore } from './control-store.js';
import { FileControlStore } from './file-control.js';
import { RedisControlStore } from './redis-control.js';

/** A look, a count and an administrator. */
const MAX_IN_FLIGHT = 8;

/**
 * Where the instances agree: in the Redis that they share, else in files of DATA_DIR.
 * @throws ConfigError
 */
export async function openControl(config: Config): Promise<ControlStore> {
  const settings = config.FEATURE_STORE === 'memory' ? null : redisSettings(config);
  if (settings === null) return new FileControlStore(config.DATA_DIR);
  const client = settings.topology === 'cluster' ? openCluster(settings) : openRedis(settings);
  // Whoever reads or writes is told; without a listener a lost connection would end the process.
  for (const event of ['error', 'node error']) client.on(event, () => undefined);
  await connectRedis(client, settings);
  return new RedisControlStore(new RedisPool([{ client }], MAX_IN_FLIGHT));
}
