import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runChild } from './child.mjs';
import { Failure } from './failure.mjs';
import { withProgress } from './progress.mjs';

const MINIMUM = /** @type {const} */ ([3, 11]);
const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python'];

/**
 * Makes a virtual environment with pinned packages, or brings it up to date when the pins or the Python changed.
 * @param {string} directory
 * @param {string} requirements a file that pins every package there is to install, indirect ones too
 * @param {string | undefined} command the interpreter to begin with; undefined = the first that is new enough
 * @param {string} [download] how much there is to fetch
 * @returns {Promise<string>} its interpreter
 */
export async function pythonEnvironment(directory, requirements, command, download = 'about 250 MB') {
  const { python, interpreter, stampFile, stamp, ready } = await inspect(directory, requirements, command);
  if (ready) return interpreter;
  const label = `Preparing ${directory} with Python ${python.version} (once; ${download} to download)`;
  await withProgress(label, () => install(python.command, directory, interpreter, requirements));
  writeFileSync(stampFile, stamp);
  return interpreter;
}

/**
 * The interpreter of an environment that is there and up to date, else undefined.
 * @param {string} directory
 * @param {string} requirements
 * @param {string | undefined} command
 */
export async function preparedEnvironment(directory, requirements, command) {
  const { interpreter, ready } = await inspect(directory, requirements, command);
  return ready ? interpreter : undefined;
}

/** @param {string} directory @param {string} requirements @param {string | undefined} command */
async function inspect(directory, requirements, command) {
  const interpreter = path.join(
    directory,
    ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
  );
  const python = await findPython(command === undefined ? CANDIDATES : [command]);
  const stampFile = path.join(directory, '.requirements-stamp');
  const stamp = createHash('sha256').update(readFileSync(requirements)).update(python.version).digest('hex');
  const ready = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp && existsSync(interpreter);
  return { python, interpreter, stampFile, stamp, ready };
}

/**
 * @param {string} command
 * @param {string} directory
 * @param {string} interpreter that of the environment
 * @param {string} requirements
 */
async function install(command, directory, interpreter, requirements) {
  mkdirSync(directory, { recursive: true });
  await must(command, ['-m', 'venv', '--clear', directory], {
    next: 'on Debian and Ubuntu: apt-get install python3-venv',
  });
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--quiet', '--no-deps'];
  await must(interpreter, [...pip, '-r', requirements], {
    next: 'see whether the package index can be reached',
  });
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ next: string }} advice
 */
async function must(command, args, { next }) {
  const { code, output } = await runChild(command, args);
  if (code !== 0)
    throw new Failure(`${[command, ...args].join(' ')} ended with ${code}`, next, { detail: output });
}

/**
 * The first interpreter that is new enough; which patch release it is decides nothing.
 * @param {readonly string[]} commands
 */
async function findPython(commands) {
  const seen = [];
  for (const command of commands) {
    const version = await versionOf(command);
    if (version === undefined) continue;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major === MINIMUM[0] && minor >= MINIMUM[1]) return { command, version };
    seen.push(`${command} is ${version}`);
  }
  throw new Failure(
    `Python ${MINIMUM.join('.')} or newer is needed (${seen.join(', ') || `no ${commands[0]} found`})`,
    'install it (or, for training, name one with --python). The service itself needs no Python: models/ holds a trained model',
  );
}

/** @param {string} command */
async function versionOf(command) {
  try {
    const { code, output } = await runChild(command, [
      '-c',
      'import sys; print("%d.%d" % sys.version_info[:2])',
    ]);
    return code === 0 ? output.trim() : undefined;
  } catch {
    return undefined;
  }
}
