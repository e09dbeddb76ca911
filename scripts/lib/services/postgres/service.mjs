import path from 'node:path';
import { runChild } from '../../child.mjs';
import { Failure } from '../../failure.mjs';
import { handOver, unprivileged } from './account.mjs';
import { pingPostgres } from './ask.mjs';
import { postgresServer } from './environment.mjs';

/** Nothing waits for the disk, as a test's data ends with it; what was committed is with the system, and survives a kill. */
const IN_A_HURRY = { fsync: 'off', full_page_writes: 'off' };

/** Everyone on this machine may come in as `postgres`. @type {import('../registry.mjs').Service} */
export const postgres = {
  name: 'postgres',
  variable: 'DATABASE_URL',
  byDefault: false,
  inContainer: true,
  nodes: 1,
  portsPerNode: 1,
  stopTimeoutMs: 10_000,
  // It closes its connections; on SIGTERM it would wait for the clients to do that.
  stopSignal: 'SIGINT',
  installation: postgresServer,
  prepare: async (launcher, places) => Promise.all(places.map((place) => server(launcher, place))),
  url: ([node]) => `postgres://postgres@127.0.0.1:${node?.ports[0]}/postgres`,
  probe: pingPostgres,
};

/**
 * @param {import('../registry.mjs').Launcher} launcher
 * @param {import('../registry.mjs').Place} place
 * @returns {Promise<import('../registry.mjs').Command>}
 */
async function server(launcher, { data, ports: [port] }) {
  await handOver(data);
  const initdb = unprivileged(path.join(path.dirname(launcher.program), 'initdb'));
  const choices = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync'];
  const made = await runChild(initdb.program, [...initdb.arguments, ...choices, '--pgdata', data], {
    cwd: '/',
  });
  if (made.code !== 0)
    throw new Failure('initdb could not make a database', 'see what it says', { detail: made.output });
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    ...IN_A_HURRY,
  };
  const run = unprivileged(launcher.program);
  return {
    program: run.program,
    arguments: [
      ...run.arguments,
      '-D',
      data,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    words: ['postgres', String(port)],
  };
}
