// First of all: everything else may need a newer Node than there is.
import './require-node.js';

export { ConfigError, loadConfig, type Config } from './config.js';
export { SETTINGS, type Setting, type SettingName } from './config.schema.js';
export { METRICS, type MetricDeclaration, type MetricKey } from './metrics.js';
export { connectRedis, openRedis, type Redis } from './redis.js';
export { ENGINE_VERSION } from './version.js';
export { readYamlFile, type YamlFile } from './yaml-file.js';
