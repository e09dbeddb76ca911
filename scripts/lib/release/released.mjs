import { Failure } from '../failure.mjs';

const UNRELEASED = '## [Unreleased]\n';
const NEXT = 'say under Unreleased in CHANGELOG.md what is new, then npm version again';

/**
 * A changelog in which what was unreleased is that of a version.
 * @param {string} changelog
 * @param {string} version
 * @param {string} date YYYY-MM-DD
 */
export function releasedChangelog(changelog, version, date) {
  const [before, after] = changelog.split(UNRELEASED);
  if (before === undefined || after === undefined)
    throw new Failure('CHANGELOG.md has no section Unreleased', NEXT);
  if (after.includes(`\n## [${version}]`))
    throw new Failure(`${version} is in CHANGELOG.md already`, 'another version');
  const [news = ''] = after.split(/^## /m);
  if (!/^[-*] /m.test(news)) throw new Failure('there is nothing under Unreleased in CHANGELOG.md', NEXT);
  return `${before}${UNRELEASED}\n## [${version}] - ${date}\n${after}`;
}

/**
 * When a version was released, as the changelog has it; undefined where it was not.
 * @param {string} changelog
 * @param {string} version
 */
export function releaseDate(changelog, version) {
  const heading = changelog.split('\n').find((line) => line.startsWith(`## [${version}] - `));
  return heading?.slice(-'YYYY-MM-DD'.length);
}

/**
 * A Dockerfile that builds this version where nobody says another.
 * @param {string} dockerfile
 * @param {string} version
 */
export const releasedDockerfile = (dockerfile, version) =>
  dockerfile.replaceAll(/^ARG VERSION=.*$/gm, `ARG VERSION=${version}`);

/**
 * Manifests that run this version.
 * @param {string} kustomization
 * @param {string} version
 */
export const releasedManifests = (kustomization, version) =>
  kustomization.replace(/^( *newTag: ).*$/m, `$1v${version}`);

/**
 * The description of the topics, whose version is that of the product.
 * @param {string} asyncApi
 * @param {string} version
 */
export const releasedAsyncApi = (asyncApi, version) =>
  asyncApi.replace(/("info": \{[^}]*?"version": ")[^"]*/, `$1${version}`);
