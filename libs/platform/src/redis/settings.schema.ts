import type { Setting } from '../setting.js';

/** How to reach the Redis that holds histories and decided transactions: by one of the first three. */
export const REDIS_SETTINGS = {
  REDIS_URL: {
    type: 'string',
    format: 'redis-url',
    expected: 'redis://[user:password@]host:port[/db] or rediss://…',
    description: 'One Redis that holds the histories and the decided transactions',
    writeOnly: true,
  },
  REDIS_SENTINELS: {
    type: 'string',
    format: 'addresses',
    expected: 'host:port, several with commas between them',
    description: 'Instead of REDIS_URL: the sentinels that know which Redis is the primary',
  },
  REDIS_CLUSTER_NODES: {
    type: 'string',
    format: 'addresses',
    expected: 'host:port, several with commas between them',
    description:
      'Instead of REDIS_URL: some nodes of a Redis Cluster (Redis 7 or newer), which name the others',
  },
  REDIS_MASTER_NAME: {
    type: 'string',
    pattern: '^[A-Za-z0-9._-]+$',
    default: 'mymaster',
    expected: 'a name of letters, digits, dots, dashes and underscores',
    description: 'Name by which the sentinels know the primary',
  },
  REDIS_DATABASE: {
    type: 'integer',
    minimum: 0,
    maximum: 65535,
    default: 0,
    expected: 'a database number',
    description: 'Database behind sentinels; REDIS_URL names its own, a cluster has one only',
  },
  REDIS_USERNAME: {
    type: 'string',
    pattern: '\\S',
    expected: 'a user of Redis',
    description: 'User at Redis, where REDIS_URL names none',
  },
  REDIS_PASSWORD: {
    type: 'string',
    pattern: '\\S',
    expected: 'a password',
    description: 'Password at Redis, where REDIS_URL names none',
    writeOnly: true,
  },
  REDIS_SENTINEL_USERNAME: {
    type: 'string',
    pattern: '\\S',
    expected: 'a user of the sentinels',
    description: 'User at the sentinels, where they ask for one',
  },
  REDIS_SENTINEL_PASSWORD: {
    type: 'string',
    pattern: '\\S',
    expected: 'a password',
    description: 'Password at the sentinels, where they ask for one',
    writeOnly: true,
  },
  REDIS_TLS: {
    type: 'string',
    enum: ['true', 'false'],
    default: 'false',
    expected: 'true or false',
    description: 'Whether Redis, and its sentinels, are spoken to by TLS; rediss:// in REDIS_URL says so too',
  },
  REDIS_TLS_CA_FILE: {
    type: 'string',
    pattern: '\\S',
    expected: 'a PEM file',
    description: 'Certificates of the authorities that Redis is trusted by. Default: those of Node',
  },
  REDIS_POOL_SIZE: {
    type: 'integer',
    minimum: 1,
    maximum: 64,
    default: 1,
    expected: 'a number of connections from 1 to 64',
    description: 'Connections to Redis (to each node of a cluster); each carries many turns at a time',
  },
  REDIS_MAX_IN_FLIGHT: {
    type: 'integer',
    minimum: 1,
    maximum: 10000,
    default: 32,
    expected: 'a number of turns from 1 to 10000',
    description:
      'Turns without a reply that a connection carries at most; beyond it transactions are decided on default features',
  },
  REDIS_TIMEOUT_MS: {
    type: 'integer',
    minimum: 1,
    maximum: 1000,
    default: 8,
    expected: 'milliseconds from 1 to 1000',
    description: 'Longest wait for Redis within one decision; after it the answer is degraded',
  },
} as const satisfies Record<string, Setting>;
