import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startServices, type ServiceNode } from '../../scripts/lib/services/for-tests.mjs';
import { s3Binaries } from '../../scripts/lib/services/s3/directory.mjs';
import { REPOSITORY } from './cli.js';

/** An S3 of this test's own. */
export interface S3 {
  readonly url: string;
  readonly node: ServiceNode;
  /** What its clients need in their environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command line as an operator does, in the root of the repository; `aws` is on the PATH. */
  sh(line: string): Promise<string>;
  stop(): Promise<void>;
}

export const S3_CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** Starts an S3 with the bucket fraud-models. */
export async function startS3(): Promise<S3> {
  const directory = await mkdtemp(path.join(tmpdir(), 'fraud-s3-'));
  const { urls, nodes, stop } = await startServices(['s3'], directory, { own: true });
  const url = urls['s3']!;
  const env = { ...S3_CREDENTIALS, AWS_DEFAULT_REGION: 'us-east-1', AWS_ENDPOINT_URL: url };
  const sh = async (line: string): Promise<string> => {
    const searchPath = [s3Binaries, process.env['PATH']].join(path.delimiter);
    const options = { cwd: REPOSITORY, env: { ...env, PATH: searchPath } };
    return (await promisify(execFile)('sh', ['-c', line], options)).stdout;
  };
  await sh('aws s3 mb s3://fraud-models');
  return { url, node: nodes['s3']![0]!, env, sh, stop };
}
