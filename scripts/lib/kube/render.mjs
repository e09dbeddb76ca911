import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { runChild } from '../child.mjs';
import { Failure } from '../failure.mjs';
import { inRoot } from '../paths.mjs';
import { manifestTools } from './environment.mjs';

const MANIFESTS = inRoot('deploy/k8s');
const PLACE = inRoot('.cache/kube');

export const overlays = readdirSync(path.join(MANIFESTS, 'overlays')).toSorted();
export const components = readdirSync(path.join(MANIFESTS, 'components')).toSorted();

/**
 * Renders an overlay as `kubectl apply -k` does.
 * @param {string} overlay @param {readonly string[]} [withComponents]
 * @returns {Promise<string>} the file with its objects
 */
export async function render(overlay, withComponents = []) {
  const name = [overlay, ...withComponents].join('+');
  const directory = path.join(PLACE, name);
  mkdirSync(directory, { recursive: true });
  const from = path.relative(directory, MANIFESTS);
  const kustomization = {
    resources: [path.join(from, 'overlays', overlay)],
    components: withComponents.map((component) => path.join(from, 'components', component)),
  };
  writeFileSync(path.join(directory, 'kustomization.yaml'), stringify(kustomization));
  const { kubectl } = await manifestTools();
  const file = path.join(PLACE, `${name}.yaml`);
  const { code, output } = await runChild(kubectl, ['kustomize', directory, '-o', file]);
  if (code !== 0) throw new Failure(`${name} cannot be rendered`, 'see deploy/k8s', { detail: output });
  return file;
}
