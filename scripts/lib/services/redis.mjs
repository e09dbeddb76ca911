import { pingRedis } from './redis-ping.mjs';

/** Nothing is written to disk: snapshots would disturb latencies, and a test's state ends with it. */
const IN_MEMORY = ['--save', '', '--appendonly', 'no'];

/**
 * @type {import('./registry.mjs').Service}
 */
export const redis = {
  name: 'redis',
  variable: 'REDIS_URL',
  binary: 'redis-server',
  debianPackage: 'redis-server',
  arguments: ({ port, data }) =>
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', data].concat(IN_MEMORY, '--daemonize', 'no'),
  words: (port) => ['redis-server', String(port)],
  url: (port) => `redis://127.0.0.1:${port}`,
  probe: pingRedis,
};
