import { Failure } from '../failure.mjs';
import { whyNoDocker } from './docker.mjs';

/** @typedef {{ kind: 'program', launcher: import('./registry.mjs').Launcher } | { kind: 'docker' }} Source */

/**
 * Where a service can be had, in this order: a program on this machine, one that is installed now, a container.
 * @param {import('./registry.mjs').Service} service
 * @returns {Promise<Source>}
 */
export async function findSource(service) {
  const { launcher, trouble } = await findOrInstall(service.installation);
  if (launcher) return { kind: 'program', launcher };
  const noDocker = service.inContainer ? await whyNoDocker() : `${service.name} does not run in a container`;
  if (!noDocker) return { kind: 'docker' };
  const advice = [
    `export ${service.variable}=… of a running one`,
    service.installation.advice,
    ...(service.inContainer ? ['start Docker'] : []),
  ];
  throw new Failure(
    `${service.name} cannot be had: ${service.installation.missing}; ${trouble}; ${noDocker}`,
    `one of: ${advice.join(' · ')}`,
  );
}

/**
 * @param {import('./registry.mjs').Installation} installation
 * @returns {Promise<{ launcher?: import('./registry.mjs').Launcher, trouble: string }>} no launcher, but the trouble
 */
export async function findOrInstall({ find, install }) {
  const present = await find();
  if (present) return { launcher: present, trouble: '' };
  const failed = await install();
  if (failed) return { trouble: failed };
  const installed = await find();
  return installed
    ? { launcher: installed, trouble: '' }
    : { trouble: 'it was installed, but is not found now' };
}
