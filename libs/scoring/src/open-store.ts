import {
  ClusterFeatureStore,
  MemoryFeatureStore,
  RedisFeatureStore,
  type FeatureStore,
} from '@fraud/features';
import {
  connectRedis,
  openCluster,
  openRedis,
  RedisPool,
  redisSettings,
  ReplyArena,
  type Cluster,
  type Config,
  type Redis,
  type RedisConnection,
  type RedisObserver,
  type RedisPoolState,
  type RedisSettings,
} from '@fraud/platform';
import type { ScoringObserver } from './context.js';

/** How the connections to Redis are. */
export interface RedisWatch {
  readonly topology: RedisSettings['topology'];
  readonly state: RedisPoolState;
  /** From now on, tells an observer how each exchange ends. */
  observeWith(observer: RedisObserver): void;
}

/** The feature store that a configuration names; and, where it is in Redis, what can be seen of that. */
export interface OpenedStore {
  readonly store: FeatureStore;
  readonly redis: RedisWatch | null;
}

/** @throws ConfigError */
export async function openStore(
  config: Config,
  observer: Pick<ScoringObserver, 'failed'>,
): Promise<OpenedStore> {
  const settings = config.FEATURE_STORE === 'memory' ? null : redisSettings(config);
  const decisionTtlS = config.STORED_DECISION_TTL_S;
  if (settings === null) {
    return { store: new MemoryFeatureStore({ decisionTtlMs: decisionTtlS * 1000 }), redis: null };
  }
  const connect = async <C extends Redis | Cluster>(
    open: () => RedisConnection<C>,
  ): Promise<RedisPool<C>> => {
    const connections = Array.from({ length: config.REDIS_POOL_SIZE }, open);
    for (const { client } of connections) reportErrors(client, observer);
    await Promise.all(connections.map(({ client }) => connectRedis(client, settings)));
    return new RedisPool(connections, config.REDIS_MAX_IN_FLIGHT);
  };
  if (settings.topology === 'cluster') {
    const pool = await connect(() => ({ client: openCluster(settings) }));
    const lost = (changes: number): void => {
      observer.failed('feature_store_commit_failed', changes);
    };
    return { store: new ClusterFeatureStore(pool, decisionTtlS, lost), redis: watch(settings, pool) };
  }
  const pool = await connect(() => {
    const replies = new ReplyArena();
    return { client: openRedis(settings, replies), replies };
  });
  return { store: new RedisFeatureStore(pool, decisionTtlS), redis: watch(settings, pool) };
}

/** Each failed turn reports itself; without a listener a lost connection would end the process. */
function reportErrors(client: Redis | Cluster, observer: Pick<ScoringObserver, 'failed'>): void {
  for (const event of ['error', 'node error']) {
    client.on(event, (cause: Error & { lastNodeError?: Error }) => {
      // Of a cluster that none of whose nodes answers, the last one's reason says more.
      observer.failed('features_unavailable', 0, cause.lastNodeError ?? cause);
    });
  }
}

function watch({ topology }: RedisSettings, pool: RedisPool | RedisPool<Cluster>): RedisWatch {
  return {
    topology,
    get state() {
      return pool.state;
    },
    observeWith(observer) {
      pool.observer = observer;
    },
  };
}
