import { runChild } from '../child.mjs';
import { Failure } from '../failure.mjs';
import { withProgress } from '../progress.mjs';
import { findProgram } from './program.mjs';

/** Why no container can be run; a client without an engine is common, so the engine itself is asked. */
export async function whyNoDocker() {
  if (!findProgram('docker')) return 'Docker is not installed';
  const { code } = await runChild('docker', ['info']);
  return code === 0 ? undefined : 'a docker client is there, but no engine answers it';
}

/**
 * @param {import('./registry.mjs').Service} service
 * @param {number} port on 127.0.0.1
 * @returns {Promise<string>} the container's id
 */
export async function runContainer(service, port) {
  const published = `127.0.0.1:${port}:${service.imagePort}`;
  const args = ['run', '--detach', '--rm', '--publish', published, service.image, ...service.imageCommand];
  const { code, output } = await withProgress(`Starting ${service.image} in Docker`, () =>
    runChild('docker', args),
  );
  if (code === 0) return output.trim().split('\n').at(-1) ?? '';
  const next = `docker pull ${service.image}, or name a running ${service.name} by ${service.variable}`;
  throw new Failure(`docker could not run ${service.image}`, next, { detail: output });
}

/** @param {string} container */
export async function containerRuns(container) {
  const { code, output } = await runChild('docker', ['inspect', '--format', '{{.State.Running}}', container]);
  return code === 0 && output.trim() === 'true';
}

/** @param {string} container */
export async function stopContainer(container) {
  await runChild('docker', ['stop', '--time', '5', container]);
}
