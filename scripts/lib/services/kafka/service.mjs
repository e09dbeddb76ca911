import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { runChild } from '../../child.mjs';
import { Failure } from '../../failure.mjs';
import { newClusterId, serverProperties } from './configuration.mjs';
import { kafkaJars } from './jars.mjs';
import { probeKafka } from './metadata.mjs';
import { addressList } from '../address-list.mjs';

/** @typedef {import('../registry.mjs').Service} Service */
/** @typedef {import('../registry.mjs').Launcher} Launcher */
/** @typedef {import('../registry.mjs').Place} Place */

/** One broker, with its controller in the same process. */
export const kafka = brokers({ name: 'kafka', nodes: 1, heap: '512m', inContainer: true });

/** Three, for what only several show: a leader that moves, a replica that lags, a broker that dies. */
export const kafkaCluster = brokers({ name: 'kafka-cluster', nodes: 3, heap: '256m', inContainer: false });

/**
 * @param {{ name: string, nodes: number, heap: string, inContainer: boolean }} kind
 * @returns {Service}
 */
function brokers({ name, nodes, heap, inContainer }) {
  return {
    name,
    variable: 'KAFKA_BROKERS',
    byDefault: nodes === 1,
    inContainer,
    nodes,
    portsPerNode: 2,
    // A broker asks the controllers before it leaves. When all leave at once, the last wait in vain.
    stopTimeoutMs: nodes === 1 ? 5_000 : 2_000,
    installation: kafkaJars,
    prepare: (launcher, places) => prepare(launcher, places, heap),
    url: addressList,
    probe: probeKafka,
  };
}

/** @param {Launcher} launcher @param {readonly Place[]} places @param {string} heap */
async function prepare(launcher, places, heap) {
  const clusterId = newClusterId();
  const files = places.map((place) => {
    const file = path.join(place.data, 'server.properties');
    writeFileSync(file, serverProperties(place, places, path.join(place.data, 'topics')));
    return file;
  });
  await Promise.all(files.map((file) => format(launcher, file, clusterId)));
  return files.map((file) => ({
    program: launcher.program,
    arguments: [...launcher.arguments, `-Xmx${heap}`, '-Dkafka.log.level=info', 'kafka.Kafka', file],
    words: ['kafka.Kafka', file],
  }));
}

/** Gives a node's directory its identity. @param {Launcher} launcher @param {string} file @param {string} clusterId */
async function format(launcher, file, clusterId) {
  // It lives for a second: what the second compiler would make of it comes too late.
  const java = [...launcher.arguments, '-Xmx128m', '-XX:TieredStopAtLevel=1'];
  const task = ['kafka.tools.StorageTool', 'format', '--cluster-id', clusterId, '--config', file];
  const { code, output } = await runChild(launcher.program, [...java, ...task]);
  if (code === 0) return;
  const next = `see ${file}, or name a running Kafka by KAFKA_BROKERS`;
  throw new Failure('Kafka could not prepare its data directory', next, { detail: output });
}
