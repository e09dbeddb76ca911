import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './run.mjs';

/**
 * @typedef {object} Trial
 * @property {(command: string, says?: string) => Promise<void>} must runs a command, which has to say that
 * @property {string} n the namespace, as an option
 */

const DEPLOYMENT = 'deployment/fraud-detection';
/** The first scrape of metrics, and the autoscaler's first look, take so long at most. */
const PATIENCE_MS = 180_000;
const EVERY_MS = 3000;
/** Volumes that nobody provides: in a cluster for trials there may be nobody who does. */
const VOLUMES = 3;
const LABEL = 'fraud-detection/trial=true';

/** @param {() => Promise<boolean>} holds */
async function patiently(holds) {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(EVERY_MS))
    if (await holds()) return;
}

/** @param {string} command @param {(output: string) => boolean} [says] */
const succeeds = async (command, says = () => true) => {
  const { ok, output } = await run(command);
  return ok && says(output);
};

/** Volumes for the pods of Redis where no storage class makes them. @param {Trial} trial */
export async function provideVolumes({ must }) {
  if (await succeeds('kubectl get storageclass -o name', (output) => output !== '')) return;
  for (let i = 0; i < VOLUMES; i++) {
    const volume = {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `fraud-trial-${i}`, labels: { 'fraud-detection/trial': 'true' } },
      spec: {
        capacity: { storage: '16Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Delete',
        hostPath: { path: `/tmp/fraud-trial-${i}` },
      },
    };
    await must(`echo '${JSON.stringify(volume)}' | kubectl apply -f -`, 'created');
  }
}

export const removeVolumes = `kubectl delete pv -l ${LABEL} --wait=false`;

/** @param {Trial} trial */
export async function tryRedis({ must, n }) {
  await must(`kubectl rollout status statefulset/redis ${n} --timeout=120s`, '3 new pods');
  await must(
    `kubectl get pods ${n} -l app.kubernetes.io/name=redis -o jsonpath='{.items[*].metadata.name}'`,
    'redis-0 redis-1 redis-2',
  );
}

/** Pods that use more than their share become more. Simulated pods use what an annotation says. @param {Trial} trial */
export async function tryAutoscaler({ must, n }) {
  const scaler = `kubectl get hpa fraud-detection ${n}`;
  const busy = (/** @type {string} */ change) =>
    `kubectl annotate pods ${n} -l app.kubernetes.io/name=fraud-detection,app.kubernetes.io/component=api kwok.x-k8s.io/usage-cpu${change} --overwrite`;
  await patiently(() => succeeds(`kubectl top pods ${n}`));
  await must(`kubectl top pods ${n}`, 'fraud-detection');
  await patiently(() => succeeds(scaler, (output) => /cpu: \d+%\/70%, memory: \d+%\/80%/.test(output)));
  await must(scaler, '/70%');
  await must(`kubectl get deployment fraud-detection ${n} -o jsonpath='{.spec.replicas}'`, '3');
  await must(busy('=900m'), 'annotated');
  await patiently(() =>
    succeeds(`${scaler} -o jsonpath='{.status.desiredReplicas}'`, (output) => Number(output) > 3),
  );
  await must(scaler, '/70%');
  await must(`kubectl get deployment fraud-detection ${n} -o jsonpath='{.spec.replicas}'`, '4');
  await must(busy('-'), 'annotated');
}

/** A version that does not start takes no pod away from the one that works. @param {Trial} trial */
export async function tryVersionThatFails({ must, n }) {
  const available = `kubectl get ${DEPLOYMENT} ${n} -o jsonpath='{.status.availableReplicas} of {.spec.replicas} are available'`;
  const before = await run(available);
  await must(`kubectl set image ${DEPLOYMENT} api=registry/fraud-detection:broken ${n}`, 'image updated');
  await must(`! kubectl rollout status ${DEPLOYMENT} ${n} --timeout=15s`, 'timed out');
  await must(available, before.output);
  await must(`kubectl rollout undo ${DEPLOYMENT} ${n}`, 'rolled back');
  await must(`kubectl rollout status ${DEPLOYMENT} ${n} --timeout=120s`, 'successfully rolled out');
}
