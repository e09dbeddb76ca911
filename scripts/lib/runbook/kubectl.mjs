import { NAMESPACE } from '../kube/cluster.mjs';
import { PLAYED_KUBECTL } from './shims.mjs';

/** @typedef {import('./attempt.mjs').Attempt} Attempt */
/** @typedef {import('./attempt.mjs').Handler} Handler */

const DEPLOYMENT = 'deployment/fraud-detection';
const N = `-n ${NAMESPACE}`;
const HAS_NAMESPACE = /\s(?:-n|--namespace)[\s=]/;
const ROLLOUT_MS = 200_000;
/** Metrics of pods that have just started take a minute. */
const METRICS_MS = 120_000;

const rolledOut = {
  command: `kubectl rollout status ${DEPLOYMENT} ${N} --timeout=180s`,
  says: /successfully rolled out/,
};

/** @param {string} what options of `kubectl get` @param {string | undefined} value */
const has = (what, value) => ({
  command: `kubectl get ${what} ${N}`,
  says: (/** @type {string} */ output) => output.trim() === value,
});

/** What each prints on a cluster, and what shows there that it worked. @type {readonly Handler[]} */
export const kubectl = [
  handler(/^kubectl top pods\b/, /^fraud-detection-\S+\s+\d+m/m, { withinMs: METRICS_MS }),
  handler(/^kubectl scale deployment\b/, /scaled$/m, {}, (command) => [
    has(`${DEPLOYMENT} -o jsonpath='{.spec.replicas}'`, /--replicas=(\d+)/.exec(command)?.[1]),
    rolledOut,
  ]),
  handler(/^kubectl logs\b/, /\S/, { follow: true }),
  handler(/^kubectl rollout restart\b/, /restarted$/m, {}, () => [rolledOut]),
  handler(/^kubectl rollout status\b/, /successfully rolled out/, { limitMs: ROLLOUT_MS }),
  handler(/^kubectl rollout undo\b/, /rolled back$/m, {}, () => [rolledOut]),
  handler(/^kubectl set image\b/, /image updated$/m, {}, (command) => [
    has(
      `${DEPLOYMENT} -o jsonpath='{.spec.template.spec.containers[*].image}'`,
      /\sapi=(\S+)/.exec(command)?.[1],
    ),
    rolledOut,
  ]),
  handler(/^kubectl set env\b/, /env updated$/m, {}, (command) => [
    has(
      `${DEPLOYMENT} -o jsonpath='{.spec.template.spec.containers[0].env[?(@.name=="BYPASS_MODE")].value}'`,
      /\sBYPASS_MODE=(\S+)/.exec(command)?.[1],
    ),
    rolledOut,
  ]),
  handler(
    /^kubectl create configmap model-config\b.*\| kubectl apply -f -$/,
    /^configmap\/model-config \w+$/m,
    {},
    (command) => [
      has(
        `configmap model-config -o jsonpath='{.data.MODEL_VERSION}'`,
        /MODEL_VERSION=(\S+)/.exec(command)?.[1],
      ),
    ],
  ),
];

/**
 * As it is written, and where it names no namespace, behind that with the one of the manifests.
 * @param {RegExp} matches @param {RegExp} says @param {Partial<Attempt>} more
 * @param {(command: string) => NonNullable<Attempt['after']>} [after]
 * @returns {Handler}
 */
function handler(matches, says, more, after = () => []) {
  return {
    matches,
    attempts(command, { cluster }) {
      const known = cluster && (cluster.metrics || !command.startsWith('kubectl top'));
      const word = known ? 'ok' : `client-side${cluster ? ', since the cluster has no metrics' : ''}`;
      const common = known ? { ...more, says, after: after(command) } : { says: /\(client-side\)$/m };
      const played = known || !cluster ? command : command.replaceAll(/\bkubectl\b/g, PLAYED_KUBECTL);
      const written = { ...common, command: played, result: word };
      if (HAS_NAMESPACE.test(command)) return [written];
      const named = {
        command: `${played} ${N}`,
        result: `${word}, with ${N}`,
        documented: [`${command} ${N}`],
      };
      return [written, { ...common, ...named }];
    },
  };
}
