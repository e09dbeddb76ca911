import { Failure } from '../failure.mjs';
import { kafka, kafkaCluster } from './kafka/service.mjs';
import { postgres } from './postgres/service.mjs';
import { redis, redisCluster, redisSentinel } from './redis/service.mjs';
import { s3 } from './s3/service.mjs';

/**
 * What a service must tell about itself; everything else (finding, installing, states, pids) is shared.
 * @typedef {object} Service
 * @property {string} name
 * @property {string} variable environment variable that names a running one by URL
 * @property {boolean} byDefault whether it is meant where no service is named
 * @property {boolean} inContainer whether compose.yaml has it under its name
 * @property {number} nodes processes that make it up
 * @property {number} portsPerNode the first is the one that clients use
 * @property {number} stopTimeoutMs how long a process may take to end before it is killed
 * @property {NodeJS.Signals} [stopSignal] by which a process is asked to end; SIGTERM without it
 * @property {Installation} installation
 * @property {(launcher: Launcher, places: readonly Place[]) => Promise<Command[]>} prepare what the nodes need before
 *   they can start; returns what to run, one command a node
 * @property {(nodes: readonly Listening[]) => string} url of the nodes that run
 * @property {(url: string, nodes: number) => Promise<void>} probe throws with the reason while fewer nodes answer
 */

/**
 * How a service's program comes onto this machine.
 * @typedef {object} Installation
 * @property {string} missing what was looked for in vain, for the user
 * @property {string} advice how to get it by hand
 * @property {() => Promise<Launcher | undefined>} find
 * @property {() => Promise<string | undefined>} install returns why it failed
 */

/** The program and what every call of it begins with. @typedef {{ program: string, arguments: string[] }} Launcher */

/** A node, and its ports. @typedef {{ node: number, ports: readonly number[] }} Listening */

/** A node and what is its own. @typedef {{ node: number, ports: number[], data: string, log: string }} Place */

/**
 * @typedef {object} Command
 * @property {string} program
 * @property {string[]} arguments
 * @property {string[]} words in the command line of the running program that show it is ours; a program may change
 *   its command line once it runs
 */

/** @type {readonly Service[]} */
const services = [redis, redisSentinel, redisCluster, kafka, kafkaCluster, s3, postgres];

export const serviceNames = services.map((service) => service.name);

export const defaultServiceNames = services
  .filter((service) => service.byDefault)
  .map((service) => service.name);

/** @param {string} name */
export function serviceNamed(name) {
  const found = services.find((service) => service.name === name);
  if (found) return found;
  throw new Failure(`there is no service ${name}`, `one of: ${serviceNames.join(', ')}`, { exitCode: 2 });
}
