import { execFile } from 'node:child_process';
import path from 'node:path';

export interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs scripts/services as a user does, without the caller's own services, which would be used instead of starting some. */
export function services(args: readonly string[], more: Record<string, string> = {}): Promise<Run> {
  return runScript('services', args, more);
}

/** @param name of a file in scripts/ */
export function runScript(
  name: string,
  args: readonly string[],
  more: Record<string, string> = {},
): Promise<Run> {
  const {
    REDIS_URL: _redis,
    KAFKA_BROKERS: _kafka,
    AWS_ENDPOINT_URL_S3: _s3,
    DATABASE_URL: _database,
    ...env
  } = process.env;
  const script = path.resolve(import.meta.dirname, '../../scripts', name);
  return new Promise((resolve) => {
    execFile(script, args, { env: { ...env, ...more } }, (error, stdout, stderr) => {
      // A script that could not even be run has a code in letters.
      const code = typeof error?.code === 'number' ? error.code : error ? 1 : 0;
      resolve({ code, stdout, stderr });
    });
  });
}
