import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import type { Run } from '../measure/sample.js';
import type { Options } from '../options.js';
import { CONSUMER_FLAGS, NODE_FLAGS } from '../servers/server.js';

/** When, where, on what and how a run was made. @param more further lines */
export function circumstances(
  { rounds, seconds, api, consumer }: Options,
  { redisVersion, peerVersions }: Run,
  more: readonly string[] = [],
): string {
  const options = peerVersions === null ? '' : ' -- --peers';
  return [
    ...whenAndWhere(),
    `- Node ${process.version}, Redis ${redisVersion}`,
    `- API: \`node ${NODE_FLAGS.join(' ')} ${api}\`, with \`REDIS_URL\` set or not; the echo runs with the same flags`,
    `- Consumer: \`node ${CONSUMER_FLAGS.join(' ')} ${consumer}\``,
    ...more,
    `- Run: \`npm run build && npm run bench${options}\`, ${rounds} rounds, ${seconds} s a measure`,
  ].join('\n');
}

/** Date, commit and machine. */
export function whenAndWhere(): string[] {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `- Date: ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    `- Commit: ${commit()}`,
    `- Machine: ${processors[0]?.model.trim() ?? 'unknown processor'}, ${processors.length} cores, ${memory} GiB; ${type()} ${release()}`,
  ];
}

function commit(): string {
  const head = output('git', ['rev-parse', '--short=12', 'HEAD']);
  if (head === null) return 'none';
  const dirty = output('git', [
    'status',
    '--porcelain',
    '--',
    'apps',
    'libs',
    'models',
    'config',
    'package-lock.json',
  ]);
  return dirty === '' ? head : `${head}, with changes that are not committed`;
}

function output(command: string, args: readonly string[]): string | null {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}
