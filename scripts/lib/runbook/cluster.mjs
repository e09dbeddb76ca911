import { spawnSync } from 'node:child_process';
import { Failure } from '../failure.mjs';
import { configureModel, createSecret, NAMESPACE } from '../kube/cluster.mjs';
import { run } from '../kube/run.mjs';
import { requireKubectl } from '../kube/kubectl.mjs';
import { withProgress } from '../progress.mjs';

const N = `-n ${NAMESPACE}`;
const FIRST = '--request-timeout=10s';

/** @typedef {{ metrics: boolean, remove: () => Promise<void> }} Cluster */

/**
 * Why the runbook is not tried on a cluster. It scales to zero and restarts what it finds, so a cluster for trials is one that KUBECONFIG names and
 * that has nothing of the kind.
 * @returns {Promise<string>} '' where it can be
 */
export async function whyNoCluster() {
  if (!process.env.KUBECONFIG) return 'KUBECONFIG names no cluster';
  try {
    await requireKubectl();
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
  const { ok } = await run(`kubectl get --raw /readyz ${FIRST}`);
  if (!ok) return 'the cluster of KUBECONFIG does not answer';
  const namespace = await run(`kubectl get namespace ${NAMESPACE} ${FIRST}`);
  if (!isMissing(namespace)) return `the cluster of KUBECONFIG has a namespace ${NAMESPACE} already`;
  // Commands without -n go wherever the context leads.
  const elsewhere = await run(`kubectl get deployment fraud-detection ${FIRST}`);
  return isMissing(elsewhere) ? '' : 'the context of KUBECONFIG has a deployment fraud-detection already';
}

/** @param {import('../kube/run.mjs').Outcome} outcome */
const isMissing = ({ ok, output }) => !ok && output.includes('NotFound');

/**
 * Installs an overlay on the cluster of KUBECONFIG, in a namespace that is made for it.
 * @param {string} file the rendered overlay @returns {Promise<Cluster>}
 */
export async function installOnCluster(file) {
  // Where nobody is left to wait for it: the cluster goes on by itself.
  const lastResort = () => {
    spawnSync('kubectl', ['delete', 'namespace', NAMESPACE, '--wait=false', FIRST]);
  };
  process.once('exit', lastResort);
  const remove = async () => {
    await withProgress(`Deleting the namespace ${NAMESPACE}`, () =>
      must(`kubectl delete namespace ${NAMESPACE} --ignore-not-found --timeout=180s`),
    );
    process.off('exit', lastResort);
  };
  try {
    await withProgress(`Installing ${file} on the cluster of KUBECONFIG`, async () => {
      await must(`kubectl create namespace ${NAMESPACE}`);
      await must(createSecret);
      await must(configureModel('v1.1.0'));
      await must(`kubectl apply -f ${file}`);
      for (const deployment of ['fraud-detection', 'fraud-consumer'])
        await must(`kubectl rollout status deployment/${deployment} ${N} --timeout=180s`);
    });
    const metrics = await run('kubectl get apiservice v1beta1.metrics.k8s.io');
    return { metrics: metrics.ok, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** @param {string} command */
async function must(command) {
  const { ok, output } = await run(command);
  if (!ok) throw new Failure(`${command} failed`, 'see what it says, and the cluster', { detail: output });
}
