import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.mjs';
import { withLock } from '../lock.mjs';
import { say } from '../progress.mjs';
import {
  describe,
  launchInstance,
  logsOf,
  relaunch,
  removeData,
  runningNodes,
  runningPart,
  stopInstance,
} from './instance.mjs';
import { serviceNamed } from './registry.mjs';
import { findSource } from './source.mjs';
import { forgetState, readState, writeState } from './state.mjs';

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 25;
const PORT_ATTEMPTS = 3;

/** @typedef {import('./registry.mjs').Service} Service */
/** @typedef {import('./state.mjs').State} State */
/** @typedef {{ name: string, state: 'up' | 'partly up' | 'down' | 'silent', by: string, url: string }} Status */

/**
 * Makes a service available and returns its URL: the one the environment names, the one this directory already
 * runs, or a new one on a free port.
 * @param {string} name
 * @param {string} directory where pid, log and data of started services live
 * @param {{ own: boolean }} [options] own: never the one that the environment names
 */
export async function startService(name, directory, { own } = { own: false }) {
  const service = serviceNamed(name);
  const variable = own ? undefined : process.env[service.variable];
  // After `eval "$(scripts/services start …)"` it names what this directory started, which may have died since.
  const named = variable === readState(directory, name)?.url ? undefined : variable;
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
    const ran = (await runningPart(state)) !== 'none';
    if (ran) await stopInstance(service, state);
    forgetState(directory, name);
    removeData(service, directory);
    return ran ? `stopped (${describe(state)})` : `was not running any more (${describe(state)})`;
  });
}

/** @param {string} name @param {string} directory @returns {Promise<Status>} */
export async function serviceStatus(name, directory) {
  const service = serviceNamed(name);
  const named = process.env[service.variable];
  const state = readState(directory, name);
  const part = state ? await runningPart(state) : 'none';
  const own = part === 'none' ? undefined : state;
  const url = named ?? own?.url;
  if (!url) return { name, state: 'down', by: '-', url: '-' };
  if (own?.url !== url) return { name, state: await answer(service, url), by: service.variable, url };
  const running = 'nodes' in own ? runningNodes(service, own) : own;
  return {
    name,
    state: part === 'some' ? 'partly up' : await answer(service, url),
    by: describe(running),
    url,
  };
}

/** @param {Service} service @param {string} url */
const answer = async (service, url) => ((await answers(service, url)) ? 'up' : 'silent');

/** @param {Service} service @param {string} url */
async function useNamed(service, url) {
  try {
    await service.probe(url, service.nodes);
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
    const known = readState(directory, service.name);
    if (known) {
      if (await isUsable(service, known, directory)) return known.url;
      await stopInstance(service, known);
    }
    const source = await findSource(service);
    for (let attempt = 1; ; attempt += 1) {
      const began = Date.now();
      // Another process may take the port between the look and the start: then the next attempt takes another.
      const fresh = await launchInstance(service, source, directory);
      writeState(directory, service.name, fresh);
      const trouble = await becomesReady(service, fresh);
      if (!trouble) {
        say(`${service.name}: ready after ${Date.now() - began} ms at ${fresh.url} (${describe(fresh)})`);
        return fresh.url;
      }
      await stopInstance(service, fresh);
      forgetState(directory, service.name);
      if (attempt === PORT_ATTEMPTS) throw startFailure(service, directory, trouble);
    }
  });
}

/**
 * Whether what was started earlier is there, after its missing nodes were started again if need be.
 * @param {Service} service
 * @param {State} known
 * @param {string} directory
 */
async function isUsable(service, known, directory) {
  const part = await runningPart(known);
  if (part === 'all' && (await answers(service, known.url))) {
    say(`${service.name}: already running (${describe(known)})`);
    return true;
  }
  if (part !== 'some' || 'container' in known) return false;
  const trouble = await becomesReady(service, await restore(service, known, directory, () => true));
  if (!trouble) say(`${service.name}: complete again`);
  return !trouble;
}

/**
 * Starts a node that has ended, in its place and with its data. Resolves when it is one of those that run.
 * @param {string} name
 * @param {number} node
 * @param {string} directory
 */
export async function restoreNode(name, node, directory) {
  const service = serviceNamed(name);
  // Without the lock while it gets ready: it may need another node for that, which is started meanwhile.
  const restored = await withLock(lockFile(path.resolve(directory), name), async () => {
    const known = readState(directory, name);
    if (!known || 'container' in known) throw new Error(`${name} has no nodes that were started from here`);
    return restore(service, known, directory, (one) => one === node);
  });
  const trouble = await becomesReady(service, restored);
  if (trouble) throw startFailure(service, directory, trouble);
}

/**
 * @param {Service} service
 * @param {import('./state.mjs').ProcessState} known
 * @param {string} directory
 * @param {(node: number) => boolean} which of the nodes that have ended
 * @returns {Promise<import('./state.mjs').ProcessState>} what runs now
 */
async function restore(service, known, directory, which) {
  const restored = await relaunch(known, which);
  writeState(directory, service.name, restored);
  return runningNodes(service, restored);
}

/** @param {Service} service @param {State} state @returns {Promise<string | undefined>} why it did not */
async function becomesReady(service, state) {
  const began = Date.now();
  let last = '';
  while (Date.now() - began < READY_TIMEOUT_MS) {
    if ((await runningPart(state)) !== 'all') return 'it ended at once';
    try {
      await service.probe(state.url, 'nodes' in state ? state.nodes.length : service.nodes);
      // Somebody else's server may have answered on that port: ours must live too.
      return (await runningPart(state)) === 'all' ? undefined : 'it ended at once';
    } catch (error) {
      last = messageOf(error);
    }
    await sleep(POLL_MS);
  }
  return `no answer within ${READY_TIMEOUT_MS / 1000} s (${last})`;
}

/** @param {Service} service @param {string} url */
function answers(service, url) {
  return service.probe(url, service.nodes).then(
    () => true,
    () => false,
  );
}

/** @param {Service} service @param {string} directory @param {string} trouble */
function startFailure(service, directory, trouble) {
  const logs = logsOf(service, directory);
  const next = `read ${logs.files.join(', ')}, or name a running ${service.name} by ${service.variable}`;
  return new Failure(`${service.name} did not start: ${trouble}`, next, { detail: logs.end });
}

/** @param {string} directory @param {string} name */
const lockFile = (directory, name) => path.join(directory, `${name}.lock`);

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));
