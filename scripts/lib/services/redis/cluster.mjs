import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { askRedis } from './ask.mjs';
import { nodeId } from './node-id.mjs';

export const PRIMARIES = 3;
const SLOTS = 16_384;

/**
 * What a node knows of its cluster when it starts: all of it, so that nobody has to make them meet.
 * @param {import('../registry.mjs').Place} place
 * @param {readonly import('../registry.mjs').Place[]} places the primaries, then a replica of each
 */
export function writeNodesFile(place, places) {
  const lines = places.map((one) => {
    const [port, busPort] = one.ports;
    const primary = (one.node - 1) % PRIMARIES;
    const role = one.node <= PRIMARIES ? 'master' : 'slave';
    const flags = one.node === place.node ? `myself,${role}` : role;
    const master = role === 'master' ? '-' : nodeId(primary + 1);
    const slots = role === 'master' ? ` ${slotsOf(primary)}` : '';
    return `${nodeId(one.node)} 127.0.0.1:${port}@${busPort} ${flags} ${master} 0 0 ${primary + 1} connected${slots}`;
  });
  const text = [...lines, `vars currentEpoch ${PRIMARIES} lastVoteEpoch 0`].join('\n');
  writeFileSync(path.join(place.data, 'nodes.conf'), `${text}\n`);
}

/** @param {number} primary */
function slotsOf(primary) {
  const from = Math.ceil((primary * SLOTS) / PRIMARIES);
  return `${from}-${Math.ceil(((primary + 1) * SLOTS) / PRIMARIES) - 1}`;
}

/**
 * Rejects until every node that is named sees a whole cluster, and every replica has its primary's data.
 * @param {string} list host:port, comma-separated
 */
export async function probeCluster(list) {
  await Promise.all(list.split(',').map(probeNode));
}

/** @param {string} address */
async function probeNode(address) {
  const url = `redis://${address.trim()}`;
  const info = await askRedis(url, ['CLUSTER', 'INFO'], /cluster_state:\w+\r\n/);
  if (!info.includes('cluster_state:ok')) throw new Error(`${address} does not see the whole cluster`);
  const role = await askRedis(url, ['INFO', 'replication'], /role:master\r\n|master_link_status:\w+\r\n/);
  if (role.includes('master_link_status:down')) throw new Error(`${address} has not its primary's data yet`);
}
