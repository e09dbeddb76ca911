import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { runChild } from '../child.mjs';
import { validate } from '../kube/validate.mjs';

/**
 * @typedef {object} Surroundings
 * @property {string} manifests the rendered overlay
 * @property {string} kubectl the real one
 * @property {() => Promise<string>} stdin
 */
/** @typedef {{ kind: string, metadata: { name: string, namespace?: string }, spec?: any }} KubeObject */

/** Commands that name a Deployment. */
const OF_DEPLOYMENT = [
  'scale',
  'logs',
  'rollout restart',
  'rollout status',
  'rollout undo',
  'set image',
  'set env',
];
const WHERE = /^(?:-n|--namespace)(?:=(.*))?$/;
/** What has been asked for follows as a word of its own. */
const TAKES_A_WORD = ['-n', '--namespace', '-o', '--output'];

/**
 * What kubectl can say of a command without a cluster: whether the real one knows it and its options, and whether what it names is in the manifests.
 * It changes nothing.
 * @param {readonly string[]} args @param {Surroundings} surroundings
 * @returns {Promise<import('../child.mjs').Outcome>}
 */
export async function playKubectl(args, surroundings) {
  const { kubectl, stdin } = surroundings;
  const { words, namespace } = read(args);
  const verb = ['rollout', 'set', 'top', 'create'].includes(words[0] ?? '')
    ? words.slice(0, 2).join(' ')
    : (words[0] ?? '');
  // It reads all options before it shows its help, and refuses those that it does not know.
  const known = await runChild(kubectl, [...args, '--help']);
  if (known.code !== 0) return known;
  if (verb === 'create configmap' && args.includes('--dry-run=client')) return runChild(kubectl, args);
  if (verb === 'apply' && args.includes('-')) return apply(await stdin());
  const objects = objectsOf(surroundings.manifests);
  if (verb === 'top pods') {
    const there = objects.some(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace);
    return there
      ? fine(`namespace/${namespace} is in the manifests`)
      : refused(`namespaces "${namespace}" not found`);
  }
  if (OF_DEPLOYMENT.includes(verb))
    return ofDeployment(verb, words.slice(verb.split(' ').length), namespace, objects, kubectl);
  return refused(`kubectl ${verb} is not known here`);
}

/**
 * @param {string} verb @param {readonly string[]} words behind it @param {string} namespace
 * @param {readonly KubeObject[]} objects @param {string} kubectl
 */
async function ofDeployment(verb, words, namespace, objects, kubectl) {
  const joined = words[0] === 'deployment' ? ['deployment/' + (words[1] ?? ''), ...words.slice(2)] : words;
  const [resource = '', ...changes] = joined;
  const name = resource.replace(/^deployment\//, '');
  const found = objects.find(
    ({ kind, metadata }) =>
      kind === 'Deployment' && metadata.name === name && metadata.namespace === namespace,
  );
  if (!found)
    return refused(`deployments.apps "${name}" not found in the namespace ${namespace} of the manifests`);
  if (!verb.startsWith('set ')) return fine(`deployment.apps/${name} is in the manifests`);
  const { code, output } = await locally(kubectl, [...verb.split(' '), ...changes], found);
  if (code !== 0) return { code, output };
  return fine(`deployment.apps/${name} takes ${changes.join(' ')}`);
}

/** As kubectl would change it. @param {string} kubectl @param {readonly string[]} command @param {KubeObject} object */
async function locally(kubectl, command, object) {
  const directory = mkdtempSync(path.join(tmpdir(), 'fraud-kubectl-'));
  try {
    const file = path.join(directory, 'object.json');
    writeFileSync(file, JSON.stringify(object));
    const [verb = '', what = '', ...changes] = command;
    return await runChild(kubectl, [verb, what, '-f', file, '--local', '-o', 'yaml', ...changes]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @param {string} manifest */
async function apply(manifest) {
  const directory = mkdtempSync(path.join(tmpdir(), 'fraud-kubectl-'));
  try {
    const file = path.join(directory, 'applied.yaml');
    writeFileSync(file, manifest);
    const { objects, problems } = await validate(file);
    const [first] = objectsOf(manifest);
    if (objects === 0 || !first?.kind || problems !== '')
      return refused(problems || 'no objects passed to apply');
    return fine(`${first.kind.toLowerCase()}/${first.metadata.name} is valid`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @param {string} manifests @returns {KubeObject[]} */
const objectsOf = (manifests) => parseAllDocuments(manifests).map((document) => document.toJS());

/** Words that are no options, and the namespace. @param {readonly string[]} args */
function read(args) {
  const words = [];
  let namespace = 'default';
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    const [isWhere, inline] = WHERE.exec(word) ?? [];
    if (isWhere !== undefined) namespace = inline ?? args[at + 1] ?? '';
    if (TAKES_A_WORD.includes(word)) at += 1;
    else if (!word.startsWith('-')) words.push(word);
  }
  return { words, namespace };
}

/** @param {string} output */
const fine = (output) => ({ code: 0, output: `${output} (client-side)` });
/** @param {string} why */
const refused = (why) => ({ code: 1, output: `error: ${why}` });
