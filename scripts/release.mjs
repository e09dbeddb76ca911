import { readFileSync, writeFileSync } from 'node:fs';
import { runChild } from './lib/child.mjs';
import { Failure, runMain } from './lib/failure.mjs';
import { inRoot } from './lib/paths.mjs';
import { billOfMaterials } from './lib/release/bill.mjs';
import {
  releasedAsyncApi,
  releasedChangelog,
  releasedDockerfile,
  releasedManifests,
} from './lib/release/released.mjs';

/** Called by `npm version`, between the change of package.json and its commit: what else has the version. */
await runMain(async () => {
  const { version } = JSON.parse(read('package.json'));
  const today = new Date().toISOString().slice(0, 10);
  // All of it before any is written: a release that is refused leaves nothing behind.
  const changed = {
    'CHANGELOG.md': releasedChangelog(read('CHANGELOG.md'), version, today),
    Dockerfile: releasedDockerfile(read('Dockerfile'), version),
    'docs/schemas/asyncapi.json': releasedAsyncApi(read('docs/schemas/asyncapi.json'), version),
    'deploy/k8s/base/kustomization.yaml': releasedManifests(
      read('deploy/k8s/base/kustomization.yaml'),
      version,
    ),
    'sbom.cdx.json': (await billOfMaterials(today)).text,
  };
  for (const [file, text] of Object.entries(changed)) writeFileSync(inRoot(file), text);
  const { code, output } = await runChild('git', ['add', ...Object.keys(changed)]);
  if (code !== 0) throw new Failure('git add failed', 'mend what it names', { detail: output });
});

/** @param {string} file */
function read(file) {
  return readFileSync(inRoot(file), 'utf8');
}
