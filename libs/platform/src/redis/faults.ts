/** Each names a Redis; a process takes its state from one. */
const WAYS = ['REDIS_URL', 'REDIS_SENTINELS', 'REDIS_CLUSTER_NODES'] as const;

type Settings = Partial<Readonly<Record<(typeof WAYS)[number] | 'FEATURE_STORE', unknown>>>;

const waysIn = (settings: Settings): readonly string[] => WAYS.filter((way) => settings[way] !== undefined);

/** Whether a configuration names a Redis. */
export const namesRedis = (settings: Settings): boolean => waysIn(settings).length > 0;

/** What is wrong with settings of Redis that are right one by one. */
export function redisFaults(settings: Settings): string[] {
  const faults: string[] = [];
  const ways = waysIn(settings);
  if (settings.FEATURE_STORE === 'redis' && ways.length === 0) {
    faults.push(
      'FEATURE_STORE is "redis", but REDIS_URL is not set: expected the URL of a Redis ' +
        '(or REDIS_SENTINELS, REDIS_CLUSTER_NODES)',
    );
  }
  if (ways.length > 1) faults.push(`${ways.join(' and ')} are set: expected one of them`);
  return faults;
}
