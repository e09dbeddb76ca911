import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { freePort, freePorts } from '../free-port.mjs';
import { end, launch, runs } from './daemon.mjs';
import { containerRuns, runContainer, stopContainer } from './docker.mjs';

const LOG_LINES = 15;

/** @typedef {import('./registry.mjs').Service} Service */
/** @typedef {import('./state.mjs').State} State */
/** @typedef {import('./state.mjs').ProcessState} ProcessState */

/**
 * A new one on free ports, with no data of an earlier one: a state ends with the service that held it.
 * @param {Service} service
 * @param {import('./source.mjs').Source} source
 * @param {string} directory
 * @returns {Promise<State>}
 */
export async function launchInstance(service, source, directory) {
  if (source.kind === 'docker') {
    const port = await freePort();
    return { url: service.url([{ node: 1, ports: [port] }]), container: await runContainer(service, port) };
  }
  const ports = await freePorts(service.nodes * service.portsPerNode);
  const places = Array.from({ length: service.nodes }, (_, index) => ({
    node: index + 1,
    ports: ports.slice(index * service.portsPerNode, (index + 1) * service.portsPerNode),
    ...pathsOf(service, index + 1, directory),
  }));
  removeData(service, directory);
  for (const { data } of places) mkdirSync(data, { recursive: true });
  const commands = await service.prepare(source.launcher, places);
  const nodes = await Promise.all(
    commands.map(async (command, index) => {
      const place = /** @type {import('./registry.mjs').Place} */ (places[index]);
      return { ...place, command, ...(await launch(command, place.log)) };
    }),
  );
  return { url: service.url(places), nodes };
}

/** @param {Service} service @param {number} node @param {string} directory */
function pathsOf(service, node, directory) {
  const data = path.join(directory, service.name);
  if (service.nodes === 1) return { data, log: `${data}.log` };
  return { data: path.join(data, String(node)), log: `${data}-${node}.log` };
}

/** @param {Service} service @param {string} directory */
export function removeData(service, directory) {
  rmSync(path.join(directory, service.name), { recursive: true, force: true });
}

/**
 * Starts nodes that run no more, each in its place and with its data.
 * @param {ProcessState} state
 * @param {(node: number) => boolean} which of them
 * @returns {Promise<ProcessState>}
 */
export async function relaunch(state, which) {
  const nodes = state.nodes.map(async (node) =>
    runs(node) || !which(node.node) ? node : { ...node, ...(await launch(node.command, node.log)) },
  );
  return { ...state, nodes: await Promise.all(nodes) };
}

/** The nodes of it that run, as if there were no others. @param {Service} service @param {ProcessState} state @returns {ProcessState} */
export function runningNodes(service, state) {
  const nodes = state.nodes.filter(runs);
  return { url: service.url(nodes), nodes };
}

/** How much of it runs. @param {State} state @returns {Promise<'all' | 'some' | 'none'>} */
export async function runningPart(state) {
  if ('container' in state) return (await containerRuns(state.container)) ? 'all' : 'none';
  const running = state.nodes.filter(runs).length;
  if (running === 0) return 'none';
  return running === state.nodes.length ? 'all' : 'some';
}

/** @param {Service} service @param {State} state */
export async function stopInstance(service, state) {
  if ('container' in state) return stopContainer(state.container);
  await Promise.all(state.nodes.map((node) => end(node, service.stopTimeoutMs, service.stopSignal)));
}

/** @param {State} state */
export function describe(state) {
  if ('container' in state) return `container ${state.container.slice(0, 12)}`;
  return `pid ${state.nodes.map(({ pid }) => pid).join(', ')}`;
}

/** @param {Service} service @param {string} directory where its logs are; a container has none here */
export function logsOf(service, directory) {
  const files = Array.from(
    { length: service.nodes },
    (_, index) => pathsOf(service, index + 1, directory).log,
  );
  return { files, end: files.map(lastLines).join('\n') };
}

/** @param {string} file */
function lastLines(file) {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LOG_LINES).join('\n');
  } catch {
    return '';
  }
}
