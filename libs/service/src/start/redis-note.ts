import type { Engine } from '@fraud/scoring';

const NAMES = {
  single: 'Redis (REDIS_URL)',
  sentinel: 'Redis behind sentinels (REDIS_SENTINELS)',
  cluster: 'Redis Cluster (REDIS_CLUSTER_NODES)',
} as const;

/** Which Redis holds the histories, for people; null where none does. */
export const redisNote = ({ redis }: Engine): string | null =>
  redis === null ? null : NAMES[redis.topology];
