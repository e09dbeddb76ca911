import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runChild } from '../child.mjs';
import { Failure } from '../failure.mjs';
import { inRoot } from '../paths.mjs';
import { debianPackage } from '../services/debian-package.mjs';

/** Its images and containers are kept apart from those of the machine. */
const HOME = inRoot('.cache/containers');
/** What podman starts containers with; debootstrap makes the file system below the stand-in for the base image. */
const PROGRAMS = [
  { binary: 'runc', package: 'runc' },
  { binary: 'podman', package: 'podman' },
  { binary: 'debootstrap', package: 'debootstrap' },
];

/** Else the directory is a mount of its own, and could not be removed. */
const IN_PLACE = ['--storage-opt', 'overlay.skip_mount_home=true'];

/** Limits that podman would raise by default, which not every machine allows. */
const CONFIGURATION = '[containers]\ndefault_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]\n';

/** @typedef {{ run(...args: string[]): Promise<string>, try(...args: string[]): Promise<import('../child.mjs').Outcome> }} Engine */

/**
 * A container engine that needs no daemon, from Debian's packages, for machines without Docker.
 * @returns {Promise<Engine>}
 */
export async function openEngine() {
  if (process.getuid?.() !== 0)
    throw new Failure('containers are tried as root alone', 'sudo, or docker build -t fraud-detection .');
  for (const names of PROGRAMS) await ensure(names);
  mkdirSync(HOME, { recursive: true });
  const configuration = path.join(HOME, 'containers.conf');
  writeFileSync(configuration, CONFIGURATION);
  const env = { ...process.env, CONTAINERS_CONF: configuration };
  const places = ['--root', path.join(HOME, 'storage'), '--runroot', path.join(HOME, 'run')];
  const global = [...places, ...IN_PLACE, '--cgroup-manager', 'cgroupfs', '--runtime', 'runc'];
  const attempt = (/** @type {string[]} */ ...args) => runChild('podman', [...global, ...args], { env });
  return {
    try: attempt,
    async run(...args) {
      const { code, output } = await attempt(...args);
      if (code !== 0) throw new Failure(`podman ${args[0]} failed`, 'mend what it names', { detail: output });
      return output.trim();
    },
  };
}

/** @param {{ binary: string, package: string }} names */
async function ensure(names) {
  const program = debianPackage(names);
  if (await program.find()) return;
  const failure = await program.install();
  if (!(await program.find())) throw new Failure(`${program.missing} (${failure})`, program.advice);
}
