import { execFile } from 'node:child_process';
import path from 'node:path';

const MAIN = path.resolve(import.meta.dirname, '../../dist/apps/cli/src/main.js');

export interface CliOutcome {
  readonly code: number;
  readonly output: string;
}

/** Runs the built command line to its end, without anything of the surrounding environment. */
export function runCli(args: readonly string[], env: Record<string, string> = {}): Promise<CliOutcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, ...args],
      { env: { PATH: process.env['PATH'], ...env } },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
      },
    );
  });
}

/** What of a replay's report must not depend on how and how fast it ran. */
export const findings = (output: string): string => output.slice(output.indexOf('Decisions ('));
