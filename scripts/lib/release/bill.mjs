import { readFileSync } from 'node:fs';
import { runChild } from '../child.mjs';
import { Failure } from '../failure.mjs';
import { npmCommand } from '../npm.mjs';
import { inRoot } from '../paths.mjs';
import { ofTheProduct } from './sbom.mjs';

/** All that the lock names, whatever is installed here, and whatever is left out of installations here. */
const OPTIONS = [
  '--sbom-format=cyclonedx',
  '--package-lock-only',
  ...['dev', 'optional', 'peer'].map((kind) => `--include=${kind}`),
  // Warnings would stand between the lines of the answer.
  '--loglevel=error',
];

/**
 * What the product is made of, as CycloneDX. Needs npm alone, and nothing that is installed.
 * @param {string | undefined} date of its release, YYYY-MM-DD; undefined where it was not released
 */
export async function billOfMaterials(date) {
  const npm = npmCommand();
  const args = [...npm.args, 'sbom', ...OPTIONS];
  const { code, output } = await runChild(npm.command, args, { env: npm.env, shell: npm.shell });
  if (code !== 0) throw new Failure('npm sbom failed', 'npm must be 10 or newer', { detail: output });
  const lock = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
  const bom = ofTheProduct(JSON.parse(output), lock, date);
  return { bom, text: `${JSON.stringify(bom, null, 2)}\n` };
}
