import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { askRedis } from './ask.mjs';
import { nodeId } from './node-id.mjs';

export const SENTINELS = 3;
/** The product's own default. */
const MASTER = 'mymaster';
/** A primary that is silent for so long is replaced, ms. */
const DOWN_AFTER_MS = 1000;

/** Of the nodes, the first is the primary, the second its replica. @param {import('../registry.mjs').Listening} node */
export const isSentinel = ({ node }) => node > 2;

/**
 * The configuration of one sentinel. It names the others and the replica, which it would find within seconds.
 * @param {import('../registry.mjs').Place} place
 * @param {readonly import('../registry.mjs').Place[]} places
 * @returns {string} the file
 */
export function writeSentinelFile(place, places) {
  const [primary, replica] = places;
  const others = places.filter((one) => isSentinel(one) && one.node !== place.node);
  const file = path.join(place.data, 'sentinel.conf');
  const lines = [
    `port ${place.ports[0]}`,
    'bind 127.0.0.1',
    `dir ${place.data}`,
    'daemonize no',
    `sentinel myid ${nodeId(place.node)}`,
    `sentinel monitor ${MASTER} 127.0.0.1 ${primary?.ports[0]} ${Math.floor(SENTINELS / 2) + 1}`,
    `sentinel down-after-milliseconds ${MASTER} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${MASTER} 3000`,
    `sentinel known-replica ${MASTER} 127.0.0.1 ${replica?.ports[0]}`,
    ...others.map(
      ({ node, ports: [port] }) => `sentinel known-sentinel ${MASTER} 127.0.0.1 ${port} ${nodeId(node)}`,
    ),
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/**
 * Rejects until every sentinel that is named sees the others and a replica that could take over.
 * @param {string} list host:port, comma-separated
 */
export async function probeSentinels(list) {
  await Promise.all(list.split(',').map(probeSentinel));
}

/** @param {string} address */
async function probeSentinel(address) {
  const url = `redis://${address.trim()}`;
  await askRedis(url, ['SENTINEL', 'CKQUORUM', MASTER], /^\+OK .*\r\n/m);
  const replicas = await askRedis(url, ['SENTINEL', 'REPLICAS', MASTER], /^\*0\r\n|replica-announced\r\n/m);
  if (!/master-link-status\r\n\$2\r\nok\r\n/.test(replicas)) throw new Error(`${address} knows no replica`);
}
