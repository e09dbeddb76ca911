import { Failure } from '../failure.mjs';
import { redis } from './redis.mjs';

/**
 * What a service must tell about itself; everything else (finding, installing, states, pids) is shared.
 * @typedef {object} Service
 * @property {string} name
 * @property {string} variable environment variable that names a running one by URL
 * @property {string} binary program looked for on the PATH
 * @property {string} debianPackage
 * @property {(options: { port: number, data: string }) => string[]} arguments of the program
 * @property {(port: number) => string[]} words in the command line of the running program that show it is ours
 * @property {(port: number) => string} url
 * @property {(url: string) => Promise<void>} probe throws with the reason while the service does not answer
 */

/** @type {readonly Service[]} */
const services = [redis];

export const serviceNames = services.map((service) => service.name);

/** @param {string} name */
export function serviceNamed(name) {
  const found = services.find((service) => service.name === name);
  if (found) return found;
  throw new Failure(`there is no service ${name}`, `one of: ${serviceNames.join(', ')}`, { exitCode: 2 });
}
