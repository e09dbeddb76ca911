import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.mjs';
import { run } from './run.mjs';
import { provideVolumes, removeVolumes, tryAutoscaler, tryRedis, tryVersionThatFails } from './trials.mjs';

export const NAMESPACE = 'fraud-detection';
const N = `-n ${NAMESPACE}`;
const DEPLOYMENT = 'deployment/fraud-detection';

/** @typedef {import('./run.mjs').Outcome} Outcome */

/** The secret that the manifests refer to, with values of no use. */
export const createSecret = `kubectl create secret generic fraud-detection ${N} --from-literal=DATABASE_URL=postgres://db/records --from-literal=PSEUDONYM_KEY=x --from-literal=ADMIN_TOKEN=x`;

/** Model deployment, as the runbook writes it. @param {string} version */
export const configureModel = (version) =>
  `kubectl create configmap model-config --from-literal=MODEL_VERSION=${version} ${N} -o yaml --dry-run=client | kubectl apply -f -`;

/**
 * Strict, by the server: it knows what the client lets pass.
 * @param {string} overlay @param {string} file @returns {Promise<Outcome>}
 */
async function dryRun(overlay, file) {
  const { ok, output } = await run(`kubectl apply --dry-run=server --validate=strict -f ${file}`);
  return {
    command: `kubectl apply -k deploy/k8s/overlays/${overlay} --dry-run=server --validate=strict`,
    ok,
    output,
  };
}

/** @throws Failure where the namespace is there already: this is no place for trials */
export async function requireEmpty() {
  const { ok } = await run('kubectl cluster-info');
  if (!ok) throw new Failure('no cluster answers', 'set KUBECONFIG to that of a cluster for trials');
  const { ok: there } = await run(`kubectl get namespace ${NAMESPACE}`);
  if (there)
    throw new Failure(
      `there is a namespace ${NAMESPACE} in this cluster, and this would change what is in it`,
      `take another cluster, or kubectl delete namespace ${NAMESPACE}`,
    );
}

/**
 * The server's dry run of every overlay, and the runbook's commands on what one of them has made.
 * @param {ReadonlyMap<string, string>} rendered files by overlay
 * @param {string} applied the overlay @param {(outcome: Outcome) => void} tell
 */
export async function tryOn(rendered, applied, tell) {
  const file = rendered.get(applied);
  const status = `kubectl rollout status ${DEPLOYMENT} ${N} --timeout=120s`;
  const image = `kubectl get ${DEPLOYMENT} ${N} -o jsonpath='{.spec.template.spec.containers[0].image}'`;
  /** @param {string} command @param {string} [says] what its output must have in it */
  const must = async (command, says = '') => {
    const outcome = await run(command);
    tell({ ...outcome, ok: outcome.ok && outcome.output.includes(says) });
  };
  const trial = { must, n: N };
  await must(`kubectl create namespace ${NAMESPACE}`);
  await must(createSecret);
  for (const [overlay, rendering] of rendered) tell(await dryRun(overlay, rendering));
  await provideVolumes(trial);
  await must(configureModel('v1.1.0'));
  await must(`kubectl apply -f ${file}`);
  await must(status, 'successfully rolled out');
  await must(
    `kubectl rollout status deployment/fraud-consumer ${N} --timeout=120s`,
    'successfully rolled out',
  );
  await tryRedis(trial);
  await must(`kubectl get events ${N} --field-selector reason=FailedCreate -o name | wc -l`, '0');
  const metrics = await run('kubectl get apiservice v1beta1.metrics.k8s.io');
  if (metrics.ok) await tryAutoscaler(trial);
  else console.log('not tried: kubectl top pods, the autoscaler (this cluster has no metrics)');
  await must(`kubectl scale deployment fraud-detection --replicas=5 ${N}`, 'scaled');
  await must(status, 'successfully rolled out');
  for (const version of ['v1.2.0', 'v1.3.0']) {
    await must(
      `kubectl set image ${DEPLOYMENT} api=registry/fraud-detection:${version} ${N}`,
      'image updated',
    );
    await must(status, 'successfully rolled out');
  }
  await must(`kubectl rollout undo ${DEPLOYMENT} ${N}`, 'rolled back');
  await must(status, 'successfully rolled out');
  await must(image, ':v1.2.0');
  await must(`kubectl rollout history ${DEPLOYMENT} ${N}`, 'REVISION');
  await must(`kubectl rollout undo ${DEPLOYMENT} --to-revision=3 ${N}`, 'rolled back');
  await must(status, 'successfully rolled out');
  await must(image, ':v1.3.0');
  await must(configureModel('v1.2.0'));
  await must(`kubectl get configmap model-config ${N} -o jsonpath='{.data}'`, '{"MODEL_VERSION":"v1.2.0"}');
  await must(`kubectl rollout restart ${DEPLOYMENT} ${N}`, 'restarted');
  await must(status, 'successfully rolled out');
  await must(`kubectl logs ${DEPLOYMENT} ${N} --tail=1`);
  for (const bypass of ['true', 'false']) {
    await must(`kubectl set env ${DEPLOYMENT} BYPASS_MODE=${bypass} ${N}`, 'env updated');
    await must(status, 'successfully rolled out');
  }
  await tryVersionThatFails(trial);
  await must(`kubectl scale deployment fraud-detection --replicas=0 ${N}`, 'scaled');
  await sleep(3000);
  await must(`kubectl get deployment fraud-detection ${N} -o jsonpath='{.spec.replicas}'`, '0');
  await must(`kubectl scale deployment fraud-detection --replicas=5 ${N}`, 'scaled');
  await must(status, 'successfully rolled out');
  // A second apply takes nothing back that the runbook has set.
  await must(`kubectl apply -f ${file}`);
  await must(`kubectl get configmap model-config ${N} -o jsonpath='{.data.MODEL_VERSION}'`, 'v1.2.0');
  await must(`kubectl delete namespace ${NAMESPACE} --timeout=120s`, 'deleted');
  await run(removeVolumes);
}
