import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { endSignals } from './child.mjs';
import { Failure } from './failure.mjs';
import { nodeFlagsOf } from './node-flags.mjs';
import { inRoot } from './paths.mjs';
import { productNode } from './product-node.mjs';
import { say } from './progress.mjs';

const KILL_AFTER_MS = 10_000;
const TERMINAL_HEAD_START_MS = 1_000;
const ORPHAN_CHECK_MS = 500;

/**
 * Runs a built app in the foreground and returns its exit code.
 * @param {'api' | 'consumer' | 'cli'} app
 * @param {readonly string[]} [args]
 */
export function runProduct(app, args = []) {
  const node = productNode();
  const child = spawn(node, [...nodeFlagsOf(app), inRoot('dist/apps', app, 'src/main.js'), ...args], {
    stdio: 'inherit',
  });
  return supervise(child, node);
}

/**
 * Waits for the child and hands it one end signal, however often and by whomever this process gets it: Ctrl-C reaches
 * the whole process group *and* is forwarded by npm. A child that ends because it was asked to has ended well.
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} command
 * @returns {Promise<number>}
 */
export function supervise(child, command) {
  return new Promise((resolve, reject) => {
    /** @type {NodeJS.Signals | undefined} */
    let asked;
    let killed = false;
    const end = (/** @type {NodeJS.Signals} */ signal) => {
      if (asked) return;
      asked = signal;
      // A terminal has already told the child itself.
      const byTerminal = signal === 'SIGINT' && process.stdin.isTTY;
      setTimeout(() => child.kill(signal), byTerminal ? TERMINAL_HEAD_START_MS : 0).unref();
      setTimeout(() => {
        killed = child.kill('SIGKILL');
        say(`The process did not end within ${KILL_AFTER_MS / 1000} s of ${signal} and was killed.`);
      }, KILL_AFTER_MS).unref();
    };
    for (const signal of endSignals) process.on(signal, end);
    const orphanCheck = whenNpmIsGone(() => end('SIGTERM'));
    child.once('error', (error) => {
      reject(
        new Failure(`${command} could not be run (${error.message})`, 'delete node_modules and start again'),
      );
    });
    child.once('close', (code, signal) => {
      clearInterval(orphanCheck);
      for (const name of endSignals) process.off(name, end);
      resolve(exitCode({ code, signal, asked, killed }));
    });
  });
}

/** An npm that is killed outright cannot forward anything: the server must not outlive it. @param {() => void} then */
function whenNpmIsGone(then) {
  const parent = process.ppid;
  return setInterval(() => {
    if (process.env.npm_lifecycle_event && process.ppid !== parent) then();
  }, ORPHAN_CHECK_MS).unref();
}

/**
 * @param {{ code: number | null, signal: NodeJS.Signals | null, asked?: NodeJS.Signals | undefined, killed?: boolean }} ending
 */
export function exitCode({ code, signal, asked, killed = false }) {
  if (code !== null) return code;
  if (asked && signal === asked && !killed) return 0;
  return signal ? 128 + constants.signals[signal] : 1;
}
