import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.mjs';
import { freePort } from '../free-port.mjs';
import { withLock } from '../lock.mjs';
import { say } from '../progress.mjs';
import { end, launch, logFile, runs } from './daemon.mjs';
import { containerRuns, runContainer, stopContainer } from './docker.mjs';
import { serviceNamed } from './registry.mjs';
import { findSource } from './source.mjs';
import { forgetState, readState, writeState } from './state.mjs';

const READY_TIMEOUT_MS = 30_000;
const POLL_MS = 25;
const PORT_ATTEMPTS = 3;

/** @typedef {import('./registry.mjs').Service} Service */
/** @typedef {import('./state.mjs').State} State */
/** @typedef {{ name: string, state: 'up' | 'down' | 'silent', by: string, url: string }} Status */

/**
 * Makes a service available and returns its URL: the one the environment names, the one this directory already
 * runs, or a new one on a free port.
 * @param {string} name
 * @param {string} directory where pid, log and data of started services live
 */
export async function startService(name, directory) {
  const service = serviceNamed(name);
  const named = process.env[service.variable];
  const url = named ? await useNamed(service, named) : await startOwn(service, path.resolve(directory));
  return { name, variable: service.variable, url };
}

/**
 * Stops what this directory started. A service that the environment names is not ours to stop.
 * @param {string} name
 * @param {string} directory
 * @returns {Promise<string>} what was done
 */
export async function stopService(name, directory) {
  const service = serviceNamed(name);
  return withLock(lockFile(path.resolve(directory), name), async () => {
    const state = readState(directory, name);
    if (!state) return 'not started from here';
    const was = await isRunning(service, state);
    if (was) await stopState(service, state);
    forgetState(directory, name);
    return was ? `stopped (${describe(state)})` : `was not running any more (${describe(state)})`;
  });
}

/** @param {string} name @param {string} directory @returns {Promise<Status>} */
export async function serviceStatus(name, directory) {
  const service = serviceNamed(name);
  const named = process.env[service.variable];
  const state = readState(directory, name);
  const own = state && (await isRunning(service, state)) ? state : undefined;
  const url = named ?? own?.url;
  if (!url) return { name, state: 'down', by: '-', url: '-' };
  const by = own?.url === url ? describe(own) : service.variable;
  return { name, state: (await answers(service, url)) ? 'up' : 'silent', by, url };
}

/** @param {Service} service @param {string} url */
async function useNamed(service, url) {
  try {
    await service.probe(url);
  } catch (error) {
    throw new Failure(
      `${service.variable} names a ${service.name} that does not answer (${messageOf(error)})`,
      `start that ${service.name}, or unset ${service.variable} to have one started for you`,
    );
  }
  say(`${service.name}: using the one that ${service.variable} names`);
  return url;
}

/** @param {Service} service @param {string} directory */
function startOwn(service, directory) {
  return withLock(lockFile(directory, service.name), async () => {
    const state = readState(directory, service.name);
    if (state && (await isRunning(service, state)) && (await answers(service, state.url))) {
      say(`${service.name}: already running (${describe(state)})`);
      return state.url;
    }
    if (state) await stopState(service, state);
    const source = await findSource(service);
    for (let attempt = 1; ; attempt += 1) {
      const began = Date.now();
      // Another process may take the port between the look and the start: then the next attempt takes another.
      const fresh = await launchFrom(service, source, directory);
      writeState(directory, service.name, fresh);
      const trouble = await becomesReady(service, fresh);
      if (!trouble) {
        say(`${service.name}: ready after ${Date.now() - began} ms at ${fresh.url} (${describe(fresh)})`);
        return fresh.url;
      }
      await stopState(service, fresh);
      forgetState(directory, service.name);
      if (attempt === PORT_ATTEMPTS) throw startFailure(service, directory, trouble);
    }
  });
}

/** @param {Service} service @param {import('./source.mjs').Source} source @param {string} directory @returns {Promise<State>} */
async function launchFrom(service, source, directory) {
  const port = await freePort();
  if (source.kind === 'program') return launch(service, { program: source.path, port, directory });
  return { url: service.url(port), port, container: await runContainer(service, port) };
}

/** @param {Service} service @param {State} state @returns {Promise<string | undefined>} why it did not */
async function becomesReady(service, state) {
  const began = Date.now();
  let last = '';
  while (Date.now() - began < READY_TIMEOUT_MS) {
    if (!(await isRunning(service, state))) return 'it ended at once';
    try {
      await service.probe(state.url);
      // Somebody else's server may have answered on that port: ours must live too.
      return (await isRunning(service, state)) ? undefined : 'it ended at once';
    } catch (error) {
      last = messageOf(error);
    }
    await sleep(POLL_MS);
  }
  return `no answer within ${READY_TIMEOUT_MS / 1000} s (${last})`;
}

/** @param {Service} service @param {State} state */
function isRunning(service, state) {
  return 'pid' in state ? Promise.resolve(runs(service, state)) : containerRuns(state.container);
}

/** @param {Service} service @param {State} state */
function stopState(service, state) {
  return 'pid' in state ? end(service, state) : stopContainer(state.container);
}

/** @param {Service} service @param {string} url */
function answers(service, url) {
  return service.probe(url).then(
    () => true,
    () => false,
  );
}

/** @param {Service} service @param {string} directory @param {string} trouble */
function startFailure(service, directory, trouble) {
  const log = logFile(directory, service.name);
  let detail = '';
  try {
    detail = readFileSync(log, 'utf8').split('\n').slice(-15).join('\n');
  } catch {
    // A container has no log file here.
  }
  const next = `read ${log}, or name a running ${service.name} by ${service.variable}`;
  return new Failure(`${service.name} did not start: ${trouble}`, next, { detail });
}

/** @param {State} state */
const describe = (state) =>
  'pid' in state ? `pid ${state.pid}` : `container ${state.container.slice(0, 12)}`;

/** @param {string} directory @param {string} name */
const lockFile = (directory, name) => path.join(directory, `${name}.lock`);

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));
