import { openRedis } from '@fraud/platform';

/** An empty database of its own in the shared Redis. Numbers: each test file takes others. */
export async function emptyDatabase(redisUrl: string, number: number): Promise<string> {
  const url = `${redisUrl.replace(/\/\d*$/, '')}/${number}`;
  const redis = openRedis(url);
  await redis.connect();
  await redis.flushdb();
  redis.disconnect();
  return url;
}
