import { debianPackage } from './debian-package.mjs';
import { pingRedis } from './redis-ping.mjs';

/** Nothing is written to disk: snapshots would disturb latencies, and a test's state ends with it. */
const IN_MEMORY = ['--save', '', '--appendonly', 'no'];

/**
 * @type {import('./registry.mjs').Service}
 */
export const redis = {
  name: 'redis',
  variable: 'REDIS_URL',
  byDefault: true,
  inContainer: true,
  nodes: 1,
  portsPerNode: 1,
  stopTimeoutMs: 10_000,
  installation: debianPackage({ binary: 'redis-server', package: 'redis-server' }),
  prepare: async ({ program }, places) =>
    places.map(({ ports: [port], data }) => ({
      program,
      arguments: [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--dir',
        data,
        '--daemonize',
        'no',
        ...IN_MEMORY,
      ],
      words: ['redis-server', String(port)],
    })),
  url: ([port]) => `redis://127.0.0.1:${port}`,
  probe: pingRedis,
};
