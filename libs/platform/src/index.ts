// First of all: everything else may need a newer Node than there is.
import './require-node.js';

export { ConfigError } from './config-error.js';
export {
  loadConfig,
  loadConsumerConfig,
  logFormatOf,
  type Config,
  type ConsumerConfig,
  type LogFormat,
  type LogLevel,
} from './config.js';
export { SETTINGS, type SettingName } from './config.schema.js';
export {
  ControlUnavailable,
  type ControlDocument,
  type ControlStore,
  type CountSpan,
} from './control/control-store.js';
export { FileControlStore } from './control/file-control.js';
export { openControl } from './control/open-control.js';
export { RedisControlStore } from './control/redis-control.js';
export { ControlContended, SharedDocument } from './control/shared-document.js';
export {
  AcknowledgedProducer,
  type AcknowledgedProducerOptions,
  type OutgoingMessage,
} from './kafka/acknowledged-producer.js';
export { DEAD_LETTER_HEADERS, DEAD_LETTER_PREFIX, KEPT_HEADERS } from './kafka/headers.js';
export { endBySignals } from './first-process.js';
export { ConfigResourceTypes, openKafka, type KafkaLog } from './kafka/kafka.js';
export { kafkaAccess, type KafkaAccess } from './kafka/settings.js';
export { topicOffsets } from './kafka/topic-offsets.js';
export { openTracing, type Tracing } from './tracing/tracing.js';
export type { MetricDeclaration } from './metrics/declaration.js';
export { METRICS, type MetricKey } from './metrics/metrics.js';
export { connectRedis } from './redis/connect.js';
export { openCluster, openRedis, type Cluster, type ClusterSettings, type Redis } from './redis/open.js';
export {
  REDIS_FAILURES,
  RedisPool,
  RedisUnavailable,
  type RedisConnection,
  type RedisFailure,
  type RedisObserver,
  type RedisPoolState,
} from './redis/pool.js';
export { ReplyArena } from './redis/replies.js';
export { redisSettings, type RedisSettings } from './redis/settings.js';
export { parseRollout, rolloutName, type Rollout } from './rollout.js';
export type { Setting } from './setting.js';
export { WatchedFile } from './watched-file.js';
export { ENGINE_VERSION } from './version.js';
export { parseYaml, readYamlFile, type YamlFile } from './yaml-file.js';
