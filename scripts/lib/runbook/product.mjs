import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { runChild } from '../child.mjs';
import { Failure } from '../failure.mjs';
import { nodeFlagsOf } from '../node-flags.mjs';
import { inRoot } from '../paths.mjs';
import { productNode } from '../product-node.mjs';

const STARTS_WITHIN_MS = 60_000;
const ENDS_WITHIN_MS = 10_000;

/** @typedef {{ url: string, stop: () => Promise<void> }} Running */

/** What has been started, also before it says where it is. @type {Set<import('node:child_process').ChildProcess>} */
const servers = new Set();

/** @param {'api' | 'consumer' | 'cli'} app */
const argumentsOf = (app) => [...nodeFlagsOf(app), inRoot('dist/apps', app, 'src/main.js')];

/**
 * Starts a server of the build in the background.
 * @param {'api' | 'consumer'} app @param {Record<string, string>} env all that it is told, beside PATH
 * @returns {Promise<Running>} when it says where it is
 */
export async function startServer(app, env) {
  const child = spawn(productNode(), argumentsOf(app), {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  servers.add(child);
  child.once('exit', () => servers.delete(child));
  let written = '';
  /** @type {Promise<string>} */
  const address = new Promise((resolve, reject) => {
    const trouble = (/** @type {string} */ what) =>
      reject(new Failure(`the ${app} did not start: ${what}`, 'see its output above', { detail: written }));
    const timer = setTimeout(() => trouble(`nothing within ${STARTS_WITHIN_MS / 1000} s`), STARTS_WITHIN_MS);
    const read = (/** @type {Buffer} */ chunk) => {
      written += chunk.toString();
      const found = /(?:decides|probes) at ([^\s"]+)/.exec(written)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      written = '';
      resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', (error) => trouble(error.message));
    child.once('close', (code) => {
      clearTimeout(timer);
      trouble(`it ended with ${code}`);
    });
  });
  try {
    return { url: await address, stop: () => stop(child) };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** Ends what still runs, where nobody is left to wait for it. */
export function endServers() {
  for (const server of servers) server.kill('SIGKILL');
}

/** @param {import('node:child_process').ChildProcess} child */
async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
  child.kill('SIGTERM');
  await once(child, 'exit');
  clearTimeout(timer);
}

/**
 * A command of the command line, which must work.
 * @param {readonly string[]} args @param {Record<string, string>} env all that it is told, beside PATH
 */
export async function runTool(args, env) {
  const { code, output } = await runChild(productNode(), [...argumentsOf('cli'), ...args], {
    env: { PATH: process.env.PATH, ...env },
  });
  if (code !== 0) throw new Failure(`${args.join(' ')} ended with ${code}`, 'see above', { detail: output });
}
