import { runChild } from './child.mjs';
import { Failure } from './failure.mjs';
import { npmCommand } from './npm.mjs';
import { withProgress } from './progress.mjs';
import { root } from './paths.mjs';

const NETWORK = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|network/i;
const CI = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];

/** Installs what package-lock.json says. @param {string} reason shown to the user */
export async function install(reason) {
  const npm = npmCommand();
  const run = () =>
    runChild(npm.command, [...npm.args, ...CI], { cwd: root, env: npm.env, shell: npm.shell }).catch(
      (error) => {
        if (error.code !== 'ENOENT') throw error;
        throw new Failure(
          'npm was not found on the PATH',
          'install Node 18 or newer together with npm: https://nodejs.org',
        );
      },
    );
  await withProgress(`Installing dependencies (${reason}; about a minute the first time)`, async () => {
    const { code, output } = await run();
    if (code !== 0) throw installFailure(output);
  });
}

/** @param {string} output of npm */
export function installFailure(output) {
  const detail = output.split('\n').slice(-40).join('\n');
  if (/EUSAGE/.test(output)) {
    return new Failure('package.json and package-lock.json do not agree', 'npm install, then start again', {
      detail,
    });
  }
  if (/ENOSPC/.test(output)) {
    return new Failure('the disk is full', 'free about 1 GB, then start again', { detail });
  }
  if (/EACCES|EPERM/.test(output)) {
    const next = "make the repository (and npm's cache, see `npm config get cache`) yours, then start again";
    return new Failure('npm may not write where it must', next, { detail });
  }
  if (NETWORK.test(output)) {
    const next = 'check the network, any proxy and `npm config get registry`, then start again';
    return new Failure('npm could not reach the package registry', next, { detail });
  }
  return new Failure('npm ci failed (its output is above)', 'mend what it names, then start again', {
    detail,
  });
}
