import { ModelRefused } from '../../model-refused.js';

/** A place in S3. */
export interface S3Address {
  readonly bucket: string;
  /** Empty, or ending in a slash. */
  readonly prefix: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/i;

/**
 * Reads `s3://bucket[/prefix]`.
 * @throws ModelRefused not_found
 */
export function parseS3Address(uri: string): S3Address {
  const [, bucket, path = ''] = ADDRESS.exec(uri) ?? [];
  if (bucket === undefined)
    throw new ModelRefused('not_found', `MODEL_URI ${uri}: expected s3://bucket or s3://bucket/prefix`);
  const prefix = path.replace(/\/+$/, '');
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}
