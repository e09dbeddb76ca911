// First of all: everything else may need a newer Node than there is.
import './require-node.js';

export { ConfigError, loadConfig, loadConsumerConfig, type Config, type ConsumerConfig } from './config.js';
export { SETTINGS, type Setting, type SettingName } from './config.schema.js';
export {
  AcknowledgedProducer,
  type AcknowledgedProducerOptions,
  type OutgoingMessage,
} from './kafka/acknowledged-producer.js';
export { ConfigResourceTypes, openKafka, type KafkaLog } from './kafka/kafka.js';
export { topicOffsets } from './kafka/topic-offsets.js';
export { METRICS, type MetricDeclaration, type MetricKey } from './metrics.js';
export { connectRedis, openRedis, type Redis } from './redis.js';
export { ReplyArena } from './redis-replies.js';
export { ENGINE_VERSION } from './version.js';
export { readYamlFile, type YamlFile } from './yaml-file.js';
