import { addressList } from '../address-list.mjs';
import { debianPackage } from '../debian-package.mjs';
import { pingRedis } from './ask.mjs';
import { PRIMARIES, probeCluster, writeNodesFile } from './cluster.mjs';
import { isSentinel, probeSentinels, SENTINELS, writeSentinelFile } from './sentinel.mjs';

/** Nothing is written to disk: snapshots would disturb latencies, and a test's state ends with it. */
const IN_MEMORY = ['--save', '', '--appendonly', 'no', '--databases', '64'];
/** A replica that lost its primary asks for what it missed, and gets it without waiting for others to ask too. */
const REPLICATED = ['--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1'];

const installation = debianPackage({ binary: 'redis-server', package: 'redis-server' });

/** @type {import('../registry.mjs').Service} */
export const redis = {
  name: 'redis',
  variable: 'REDIS_URL',
  byDefault: true,
  inContainer: true,
  nodes: 1,
  portsPerNode: 1,
  stopTimeoutMs: 10_000,
  installation,
  prepare: async (launcher, places) => places.map((place) => server(launcher, place)),
  url: ([node]) => `redis://127.0.0.1:${node?.ports[0]}`,
  probe: pingRedis,
};

/** A primary, a replica, and three sentinels. @type {import('../registry.mjs').Service} */
export const redisSentinel = {
  name: 'redis-sentinel',
  variable: 'REDIS_SENTINELS',
  byDefault: false,
  inContainer: false,
  nodes: 2 + SENTINELS,
  portsPerNode: 1,
  stopTimeoutMs: 5_000,
  installation,
  prepare: async (launcher, places) =>
    places.map((place) => {
      if (isSentinel(place)) return sentinel(launcher, place, writeSentinelFile(place, places));
      const primary = String(places[0]?.ports[0]);
      return server(
        launcher,
        place,
        REPLICATED,
        place.node === 1 ? [] : ['--replicaof', '127.0.0.1', primary],
      );
    }),
  url: (nodes) => addressList(nodes.filter(isSentinel)),
  probe: probeSentinels,
};

/** Three primaries, a replica of each. @type {import('../registry.mjs').Service} */
export const redisCluster = {
  name: 'redis-cluster',
  variable: 'REDIS_CLUSTER_NODES',
  byDefault: false,
  inContainer: false,
  nodes: 2 * PRIMARIES,
  portsPerNode: 2,
  stopTimeoutMs: 5_000,
  installation,
  prepare: async (launcher, places) =>
    places.map((place) => {
      writeNodesFile(place, places);
      const clustered = ['--cluster-enabled', 'yes', '--cluster-port', String(place.ports[1])];
      // A primary that is silent for a second is replaced.
      return server(launcher, place, REPLICATED, [...clustered, '--cluster-node-timeout', '1000']);
    }),
  url: addressList,
  probe: probeCluster,
};

/**
 * @param {import('../registry.mjs').Launcher} launcher
 * @param {import('../registry.mjs').Place} place
 * @param {...readonly string[]} options
 * @returns {import('../registry.mjs').Command}
 */
function server({ program }, { ports: [port], data }, ...options) {
  const common = ['--port', String(port), '--bind', '127.0.0.1', '--dir', data, '--daemonize', 'no'];
  return {
    program,
    arguments: [...common, ...IN_MEMORY, ...options.flat()],
    words: ['redis-server', String(port)],
  };
}

/**
 * @param {import('../registry.mjs').Launcher} launcher
 * @param {import('../registry.mjs').Place} place
 * @param {string} file its configuration, which it rewrites
 * @returns {import('../registry.mjs').Command}
 */
function sentinel({ program }, { ports: [port] }, file) {
  return {
    program,
    // The port is in the file, too; here it tells whose process it is before that names itself.
    arguments: [file, '--sentinel', '--port', String(port)],
    words: ['redis-server', String(port)],
  };
}
