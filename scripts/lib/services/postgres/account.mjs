import { chownSync } from 'node:fs';
import { runChild } from '../../child.mjs';
import { Failure } from '../../failure.mjs';
import { findProgram } from '../program.mjs';

const USER = 'postgres';

/**
 * How a program runs that refuses to run as root: as the user of the package. It may still pass through the directories
 * above its data, which need not be open to everyone.
 * @param {string} program
 * @returns {{ program: string, arguments: string[] }} what a command line begins with
 */
export function unprivileged(program) {
  if (process.getuid?.() !== 0) return { program, arguments: [] };
  const setpriv = findProgram('setpriv');
  if (!setpriv)
    throw new Failure('no setpriv on the PATH', 'apt-get install util-linux, or do not run this as root');
  const ids = ['--reuid', USER, '--regid', USER, '--clear-groups'];
  const passing = ['--inh-caps', '+dac_override', '--ambient-caps', '+dac_override'];
  return { program: setpriv, arguments: [...ids, ...passing, '--', program] };
}

/** Gives a directory to the user that programs run as. @param {string} directory */
export async function handOver(directory) {
  if (process.getuid?.() !== 0) return;
  const [uid, gid] = await Promise.all(['-u', '-g'].map(idOf));
  chownSync(directory, Number(uid), Number(gid));
}

/** @param {string} which */
async function idOf(which) {
  const { code, output } = await runChild('id', [which, USER]);
  if (code === 0) return Number(output.trim());
  throw new Failure(
    `there is no user ${USER}`,
    'sudo apt-get install postgresql, or do not run this as root',
  );
}
