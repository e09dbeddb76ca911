import { runChild } from '../child.mjs';
import { Failure } from '../failure.mjs';

/** A year older than the oldest Kubernetes that is validated for. */
const LEAST_MINOR = 30;

/** @throws Failure where there is no kubectl that is new enough */
export async function requireKubectl() {
  const advice = `install kubectl 1.${LEAST_MINOR} or newer: https://kubernetes.io/docs/tasks/tools/`;
  const { code, output } = await runChild('kubectl', ['version', '--client', '-o', 'json']).catch(() => ({
    code: 1,
    output: '',
  }));
  if (code !== 0) throw new Failure('there is no kubectl', advice);
  /** @type {{ clientVersion: { gitVersion: string, major: string, minor: string } }} */
  const { clientVersion } = JSON.parse(output);
  if (clientVersion.major === '1' && parseInt(clientVersion.minor) < LEAST_MINOR)
    throw new Failure(`kubectl is ${clientVersion.gitVersion}`, advice);
  return clientVersion.gitVersion;
}
