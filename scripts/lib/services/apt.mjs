import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { runChild } from '../child.mjs';
import { withLock } from '../lock.mjs';
import { inRoot } from '../paths.mjs';
import { withProgress } from '../progress.mjs';
import { findProgram } from './program.mjs';

const POLICY = '/usr/sbin/policy-rc.d';
const ENVIRONMENT = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
/** Another apt may be at work (cloud images update themselves on boot): wait for it. */
const WAIT = ['-o', 'DPkg::Lock::Timeout=120'];

/** Why packages cannot be installed here without asking, or undefined when they can. */
export function whyNoApt() {
  if (!findProgram('apt-get')) return 'this is not a Debian system';
  return process.getuid?.() === 0 ? undefined : 'installing packages needs root';
}

/**
 * Installs a Debian package without letting it start its own daemon. One at a time: services may be brought up together.
 * @param {string} name
 * @returns {Promise<string | undefined>} why it failed
 */
export function aptInstall(name) {
  return withLock(inRoot('.cache/apt.lock'), () => withoutDaemons(() => install(name)));
}

/** @param {string} name */
async function install(name) {
  // Fresh images have empty package lists: update only when the first attempt shows that.
  const first = await withProgress(`Installing ${name} with apt-get`, () => apt('install', name));
  if (first.code === 0) return undefined;
  await withProgress('Updating the package lists', () => apt('update'));
  const second = await withProgress(`Installing ${name} with apt-get`, () => apt('install', name));
  return second.code === 0 ? undefined : `apt-get install ${name} failed: ${lastLines(second.output)}`;
}

/** @param {string} action @param {...string} packages */
function apt(action, ...packages) {
  const choices = packages.length > 0 ? ['-y', '--no-install-recommends'] : [];
  return runChild('apt-get', [action, ...WAIT, '-q', ...choices, ...packages], { env: ENVIRONMENT });
}

/**
 * Exit code 101 of policy-rc.d forbids package scripts to start services.
 * @template T
 * @param {() => Promise<T>} work
 */
async function withoutDaemons(work) {
  const present = existsSync(POLICY);
  if (!present) {
    writeFileSync(POLICY, '#!/bin/sh\nexit 101\n');
    chmodSync(POLICY, 0o755);
  }
  try {
    return await work();
  } finally {
    if (!present) rmSync(POLICY, { force: true });
  }
}

/** @param {string} output */
const lastLines = (output) => output.trim().split('\n').slice(-3).join(' | ');
