import { fileURLToPath } from 'node:url';
import type { Config } from '@fraud/platform';
import type { ExpectedCatalogue } from '../model.js';
import { messageOf, ModelRefused } from '../model-refused.js';
import { DirectorySource } from './directory-source.js';
import type { ModelSource, ModelSourceSettings } from './model-source.js';
import { parseS3Address } from './s3/address.js';
import { S3Source } from './s3/s3-source.js';

/** The settings of a source out of the configuration. */
export function modelSourceSettings(config: Config, catalogue: ExpectedCatalogue): ModelSourceSettings {
  return {
    uri: config.MODEL_URI,
    catalogue,
    maxBytes: config.MODEL_MAX_BYTES,
    cacheDirectory: config.MODEL_CACHE_DIR,
    timeoutMs: config.MODEL_FETCH_TIMEOUT_MS,
    endpoint: config.AWS_ENDPOINT_URL_S3 ?? config.AWS_ENDPOINT_URL,
    region: config.AWS_REGION,
  };
}

/**
 * Opens a source; nothing is read yet.
 * @throws ModelRefused not_found where the address is of no kind that is known
 */
export function openModelSource(settings: ModelSourceSettings): ModelSource {
  const { uri } = settings;
  if (/^s3:/i.test(uri)) return new S3Source(settings, parseS3Address(uri));
  if (/^(?!file:)[a-z][a-z0-9+.-]+:\/\//i.test(uri))
    throw new ModelRefused('not_found', `MODEL_URI ${uri}: expected a directory or s3://bucket/prefix`);
  return new DirectorySource(settings, /^file:/i.test(uri) ? pathOf(uri) : uri);
}

function pathOf(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch (cause) {
    throw new ModelRefused('not_found', `MODEL_URI ${uri}: ${messageOf(cause)}`);
  }
}
