import { readFileSync, writeFileSync } from 'node:fs';
import { runChild } from './lib/child.mjs';
import { Failure, runMain } from './lib/failure.mjs';
import { inRoot } from './lib/paths.mjs';
import {
  releasedAsyncApi,
  releasedChangelog,
  releasedDockerfile,
  releasedManifests,
} from './lib/release/released.mjs';

const TOPICS = 'docs/schemas/asyncapi.json';
const MANIFESTS = 'deploy/k8s/base/kustomization.yaml';

/** Called by `npm version`, between the change of package.json and its commit: what else has the version. */
await runMain(async () => {
  const { version } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const today = new Date().toISOString().slice(0, 10);
  change('CHANGELOG.md', (text) => releasedChangelog(text, version, today));
  change('Dockerfile', (text) => releasedDockerfile(text, version));
  change(TOPICS, (text) => releasedAsyncApi(text, version));
  change(MANIFESTS, (text) => releasedManifests(text, version));
  const { code, output } = await runChild('git', ['add', 'CHANGELOG.md', 'Dockerfile', TOPICS, MANIFESTS]);
  if (code !== 0) throw new Failure('git add failed', 'mend what it names', { detail: output });
});

/** @param {string} file @param {(text: string) => string} to */
function change(file, to) {
  writeFileSync(inRoot(file), to(readFileSync(inRoot(file), 'utf8')));
}
