import { rmSync } from 'node:fs';
import { kill, killAtOnce, pause, resume } from './daemon.mjs';
import { restoreNode, startService, stopService } from './lifecycle.mjs';
import { serviceNamed } from './registry.mjs';
import { readState } from './state.mjs';

/**
 * Services of one test run, in a directory of its own, with a stop that takes everything away again.
 * @param {readonly string[]} names
 * @param {string} directory
 * @param {{ own: boolean }} [options]
 */
export async function startServices(names, directory, { own } = { own: false }) {
  // The last resort when the run dies without its teardown; stop() below is the rule.
  process.once('exit', () => names.forEach((name) => endAtOnce(name, directory)));
  const stop = async () => {
    await Promise.all(names.map((name) => stopService(name, directory)));
    rmSync(directory, { recursive: true, force: true });
  };
  const started = await Promise.allSettled(
    // Who wants several nodes wants to lose some: they must be the test's own.
    names.map((name) => startService(name, directory, { own: own || serviceNamed(name).nodes > 1 })),
  );
  const failed = started.find((one) => one.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const urls = Object.fromEntries(
    started.flatMap((one) => (one.status === 'fulfilled' ? [[one.value.name, one.value.url]] : [])),
  );
  const pids = Object.fromEntries(
    names.map((name) => [name, nodesOf(name, directory).map(({ pid }) => pid)]),
  );
  const nodes = Object.fromEntries(names.map((name) => [name, handlesOn(name, directory)]));
  return { urls, pids, nodes, stop };
}

/** Handles on the processes of a service. @param {string} name @param {string} directory */
function handlesOn(name, directory) {
  return nodesOf(name, directory).map(({ node, ports: [port = 0] }) => {
    const current = () => {
      const found = nodesOf(name, directory).find((one) => one.node === node);
      if (!found) throw new Error(`${name} was stopped`);
      return found;
    };
    return {
      node,
      port,
      get pid() {
        return current().pid;
      },
      pause: () => pause(current()),
      resume: () => resume(current()),
      kill: () => kill(current(), serviceNamed(name).stopTimeoutMs),
      start: () => restoreNode(name, node, directory),
    };
  });
}

/** @param {string} name @param {string} directory */
function nodesOf(name, directory) {
  const state = readState(directory, name);
  return state && 'nodes' in state ? state.nodes : [];
}

/** Nothing of it is wanted any more, and nobody is left to wait for it. @param {string} name @param {string} directory */
function endAtOnce(name, directory) {
  nodesOf(name, directory).forEach(killAtOnce);
}
