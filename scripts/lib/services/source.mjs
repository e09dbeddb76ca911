import { Failure } from '../failure.mjs';
import { aptInstall, whyNoApt } from './apt.mjs';
import { whyNoDocker } from './docker.mjs';
import { findProgram } from './program.mjs';

/** @typedef {{ kind: 'program', path: string } | { kind: 'docker' }} Source */

/**
 * Where a service can be had, in this order: a program on this machine, a Debian package, a container.
 * @param {import('./registry.mjs').Service} service
 * @returns {Promise<Source>}
 */
export async function findSource(service) {
  const present = findProgram(service.binary);
  if (present) return { kind: 'program', path: present };
  const noPackage = whyNoApt() ?? (await aptInstall(service.debianPackage));
  const installed = noPackage ? undefined : findProgram(service.binary);
  if (installed) return { kind: 'program', path: installed };
  const noDocker = await whyNoDocker();
  if (!noDocker) return { kind: 'docker' };
  throw new Failure(
    `${service.name} cannot be had: no ${service.binary} on the PATH; ${noPackage ?? 'the package brought none'}; ${noDocker}`,
    `one of: export ${service.variable}=… of a running one · sudo apt-get install ${service.debianPackage} · start Docker`,
  );
}
