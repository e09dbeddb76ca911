import { randomBytes } from 'node:crypto';

/**
 * Settings of brokers that start fast, use little memory, and create no topic that nobody asked for.
 * @param {number} nodes of the cluster
 * @returns {Record<string, string | number | boolean>}
 */
export function brokerSettings(nodes) {
  const replicas = nodes;
  // With three, one may be lost and writes with acks=all go on.
  const inSync = Math.max(1, nodes - 1);
  return {
    'auto.create.topics.enable': false,
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    // The default of 50 partitions is created at the first consumer's join, and it waits for them.
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.num.partitions': 4,
    'group.initial.rebalance.delay.ms': 0,
    'log.segment.bytes': 64 * 1024 * 1024,
    // Of the heap; the default is 128 MiB.
    'log.cleaner.dedupe.buffer.size': 4 * 1024 * 1024,
    ...(nodes > 1 ? FAST_FAILOVER : {}),
  };
}

/** A broker that died is noticed after 4 s, not 9. */
const FAST_FAILOVER = { 'broker.session.timeout.ms': 4_000, 'broker.heartbeat.interval.ms': 1_000 };

/**
 * The server.properties of one node, a broker and a controller in one process. All of it on 127.0.0.1.
 * @param {import('../registry.mjs').Place} place ports: for clients, for controllers
 * @param {readonly import('../registry.mjs').Place[]} places of the whole cluster
 * @param {string} topics directory of its log segments
 */
export function serverProperties({ node, ports: [clients, controllers] }, places, topics) {
  return properties({
    'process.roles': 'broker,controller',
    'node.id': node,
    'controller.quorum.voters': places
      .map(({ node: id, ports: [, port] }) => `${id}@127.0.0.1:${port}`)
      .join(','),
    listeners: `PLAINTEXT://127.0.0.1:${clients},CONTROLLER://127.0.0.1:${controllers}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${clients}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': topics,
    ...brokerSettings(places.length),
  });
}

/** In a properties file a backslash begins an escape. @param {Record<string, string | number | boolean>} settings */
export function properties(settings) {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${String(value).replaceAll('\\', '\\\\')}\n`)
    .join('');
}

/** 16 random bytes as Kafka writes them. The first bit is 0, so that it does not begin with a dash, as an option does. */
export function newClusterId() {
  const bytes = randomBytes(16);
  bytes.writeUInt8(bytes.readUInt8(0) % 128, 0);
  return bytes.toString('base64url');
}
