import { fileURLToPath } from 'node:url';
import { runChild } from '../child.mjs';
import { Failure } from '../failure.mjs';
import { withProgress } from '../progress.mjs';
import { findProgram } from './program.mjs';

const COMPOSE_FILE = fileURLToPath(new URL('compose.yaml', import.meta.url));

/** By its path: it may be where PATH does not lead. @param {readonly string[]} args @param {NodeJS.ProcessEnv} [env] */
const docker = (args, env = process.env) => runChild(findProgram('docker') ?? 'docker', args, { env });

/** Why no container can be run; a client without an engine is common, so the engine itself is asked. */
export async function whyNoDocker() {
  if (!findProgram('docker')) return 'Docker is not installed';
  const { code } = await docker(['info']);
  if (code !== 0) return 'a docker client is there, but no engine answers it';
  const compose = await docker(['compose', 'version']);
  return compose.code === 0 ? undefined : 'Docker is there, but not its Compose plugin';
}

/**
 * Starts a service in a Compose project of its own.
 * @param {import('./registry.mjs').Service} service
 * @param {number} port on 127.0.0.1
 * @returns {Promise<string>} the project, by which the others know it
 */
export async function runContainer(service, port) {
  const project = `fraud-${service.name}-${port}`;
  const { code, output } = await withProgress(`Starting ${service.name} with Docker Compose`, () =>
    compose(project, ['up', '--detach', service.name], port),
  );
  if (code === 0) return project;
  await stopContainer(project);
  const next = `see whether Docker can pull the image, or name a running ${service.name} by ${service.variable}`;
  throw new Failure(`Docker Compose could not start ${service.name}`, next, { detail: output });
}

/** @param {string} project */
export async function containerRuns(project) {
  const { code, output } = await compose(project, ['ps', '--status', 'running', '--quiet']);
  return code === 0 && output.trim() !== '';
}

/** @param {string} project */
export async function stopContainer(project) {
  await compose(project, ['down', '--timeout', '5']);
}

/**
 * @param {string} project
 * @param {readonly string[]} args
 * @param {number} port matters to `up` alone, but the file asks for one
 */
const compose = (project, args, port = 0) =>
  docker(['compose', '--project-name', project, '--file', COMPOSE_FILE, ...args], {
    ...process.env,
    SERVICE_PORT: String(port),
  });
