import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { runChild } from '../child.mjs';
import { manifestTools } from './environment.mjs';

/** Oldest and newest that are supported by their makers. */
const VERSIONS = ['1.33', '1.36'];
/** Kinds of operators: their schemas come with these, not with Kubernetes. */
const OF_OPERATORS = ['ServiceMonitor', 'PrometheusRule', 'ScaledObject'];

/**
 * Validates objects against the schemas of Kubernetes; a field that these do not know is a mistake.
 * @param {string} file of a rendered overlay
 * @returns {Promise<{ objects: number, withoutSchema: number, problems: string }>}
 */
export async function validate(file) {
  const { python } = await manifestTools();
  const all = parseAllDocuments(readFileSync(file, 'utf8'));
  const own = all.filter((document) => !OF_OPERATORS.includes(String(document.get('kind'))));
  const checked = path.join(path.dirname(file), `${path.basename(file, '.yaml')}.checked.yaml`);
  writeFileSync(checked, own.map(String).join('---\n'));
  let problems = '';
  for (const version of VERSIONS) {
    const args = ['-m', 'kubernetes_validate', '--strict', '--quiet', '-k', version, checked];
    const { code, output } = await runChild(python, args);
    // Of a kind that it does not know it only says so.
    if (code !== 0 || output.trim() !== '') problems += `${version}: ${output}`;
  }
  return { objects: all.length, withoutSchema: all.length - own.length, problems };
}
