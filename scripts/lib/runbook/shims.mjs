import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../failure.mjs';
import { inRoot } from '../paths.mjs';
import { findProgram } from '../services/program.mjs';
import { s3Binaries } from '../services/s3/directory.mjs';

/** Ports and addresses that the runbook takes for granted. */
export const API_PORT = 8000;
const BROKER = 'localhost:9092';
/** For what a cluster cannot answer. */
export const PLAYED_KUBECTL = 'kubectl-played';

/**
 * @typedef {object} Places where this trial has what the runbook means
 * @property {number} api port
 * @property {number} redis port
 * @property {number} redisCluster port of one of its nodes
 * @property {string} broker host:port
 * @property {boolean} cluster whether kubectl has one
 */

/**
 * Programs for the PATH by which commands of the runbook, as they are written, reach what this trial has started. Each is the real one with
 * other addresses; kubectl without a cluster, and docker, are played by scripts/runbook/.
 * @param {string} directory @param {Places} places
 */
export function writeShims(directory, { api, redis, redisCluster, broker, cluster }) {
  mkdirSync(directory, { recursive: true });
  const write = (/** @type {string} */ name, /** @type {string[]} */ ...lines) =>
    writeFileSync(path.join(directory, name), ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
  const play = (/** @type {string} */ program, name = program) =>
    write(name, `exec '${process.execPath}' '${inRoot('scripts/runbook', `${program}.mjs`)}' "$@"`);

  if (api !== API_PORT)
    write('curl', `exec ${real('curl')} --connect-to localhost:${API_PORT}:127.0.0.1:${api} "$@"`);
  // What asks about a cluster asks the one of several nodes.
  write(
    'redis-cli',
    `port=${redis}`,
    `if [ "$1" = cluster ]; then port=${redisCluster}; fi`,
    `exec ${real('redis-cli')} -h 127.0.0.1 -p "$port" "$@"`,
  );
  write(
    'kafka-consumer-groups.sh',
    'for argument do',
    '  shift',
    `  if [ "$argument" = ${BROKER} ]; then argument=${broker}; fi`,
    '  set -- "$@" "$argument"',
    'done',
    `exec '${inRoot('scripts/kafka-consumer-groups.sh')}' "$@"`,
  );
  write('aws', `exec '${path.join(s3Binaries, 'aws')}' "$@"`);
  if (!cluster) play('kubectl');
  play('kubectl', PLAYED_KUBECTL);
  play('docker');
}

/** @param {string} name */
function real(name) {
  const program = findProgram(name);
  if (program) return `'${program}'`;
  throw new Failure(
    `${name} was not found on the PATH`,
    'on Debian and Ubuntu: apt-get install curl redis-tools',
  );
}
