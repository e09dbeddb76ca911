import { execFile } from 'node:child_process';
import path from 'node:path';

export const REPOSITORY = path.resolve(import.meta.dirname, '../..');

export interface CliOutcome {
  readonly code: number;
  readonly output: string;
}

/**
 * Runs the built command line to its end, without anything of the surrounding environment.
 * @param root the repository that it belongs to
 */
export function runCli(
  args: readonly string[],
  env: Record<string, string> = {},
  root = REPOSITORY,
): Promise<CliOutcome> {
  return runNode(['dist/apps/cli/src/main.js', ...args], env, root);
}

/** Runs a program of a repository to its end, in its root. */
export function runNode(
  args: readonly string[],
  env: Record<string, string>,
  root: string,
): Promise<CliOutcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { cwd: root, env: { PATH: process.env['PATH'], ...env } },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
      },
    );
  });
}

/** What of a replay's report must not depend on how and how fast it ran. */
export const findings = (output: string): string => output.slice(output.indexOf('Decisions ('));
