import type { Setting } from './setting.js';

/** Which models score, and where they come from. */
export const MODEL_SETTINGS = {
  MODEL_URI: {
    type: 'string',
    pattern: '\\S',
    default: 'models',
    expected:
      'a directory or s3://bucket/prefix: model.onnx and manifest.json, or a folder with them per version',
    description: 'Where the model is',
  },
  MODEL_VERSION: {
    type: 'string',
    pattern: '\\S',
    expected: 'the name of a folder below MODEL_URI, or the version of the model that lies there itself',
    description:
      'Version that must decide; what an administrator chose has no effect then. Default: what was chosen, else the one at MODEL_URI',
  },
  MODEL_SHADOW_VERSION: {
    type: 'string',
    pattern: '\\S',
    expected: 'a version, as MODEL_VERSION',
    description:
      'Version that scores the same transactions behind the answers, to be compared; it decides nothing',
  },
  MODEL_ROLLOUT: {
    type: 'string',
    format: 'rollout',
    expected: 'a version and a share of the cards in percent, such as v1.3.0:10',
    description:
      'Version that decides for a share of the cards; it ends by itself outside of the bounds of the policy (`rollout`)',
  },
  MODEL_CACHE_DIR: {
    type: 'string',
    pattern: '\\S',
    default: '.cache/models',
    expected: 'a directory that outlives the process',
    description: 'Where copies of models in S3 are kept, for starts while S3 is down',
  },
  MODEL_MAX_BYTES: {
    type: 'integer',
    minimum: 1024,
    maximum: 1073741824,
    default: 67108864,
    expected: 'bytes from 1024 to 1073741824',
    description: 'Largest model file; a larger one is refused',
  },
  MODEL_FETCH_TIMEOUT_MS: {
    type: 'integer',
    minimum: 100,
    maximum: 600000,
    default: 30000,
    expected: 'milliseconds from 100 to 600000',
    description:
      'Longest time to fetch a model from S3, attempts included; after it the copy in the cache serves',
  },
  AWS_ENDPOINT_URL_S3: {
    type: 'string',
    pattern: '^https?://\\S+$',
    expected: 'an http or https URL',
    description: 'An S3 other than that of AWS, before AWS_ENDPOINT_URL',
  },
  AWS_ENDPOINT_URL: {
    type: 'string',
    pattern: '^https?://\\S+$',
    expected: 'an http or https URL',
    description: 'An S3 other than that of AWS',
  },
  AWS_REGION: {
    type: 'string',
    pattern: '^[A-Za-z0-9-]+$',
    expected: 'the name of a region',
    description: 'Region of the bucket. Default: of the profile in use; us-east-1 where an endpoint is set',
  },
} as const satisfies Record<string, Setting>;
