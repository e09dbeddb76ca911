import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { runChild } from '../child.mjs';
import { manifestTools } from './environment.mjs';
import { ofOperator, operatorProblems } from './operators.mjs';

/** Oldest and newest that are supported by their makers. */
const VERSIONS = ['1.33', '1.36'];

/**
 * Validates objects against the schemas of Kubernetes, and of the operators whose objects they are; a field that these do not
 * know is a mistake.
 * @param {string} file of a rendered overlay
 * @returns {Promise<{ objects: number, problems: string }>}
 */
export async function validate(file) {
  const { python } = await manifestTools();
  const all = parseAllDocuments(readFileSync(file, 'utf8'));
  const own = all.filter((document) => !ofOperator(String(document.get('apiVersion'))));
  const checked = path.join(path.dirname(file), `${path.basename(file, '.yaml')}.checked.yaml`);
  writeFileSync(checked, own.map(String).join('---\n'));
  const problems = all
    .filter((document) => !own.includes(document))
    .flatMap((document) => operatorProblems(document.toJS()));
  const outcomes = await Promise.all(
    VERSIONS.map((version) =>
      runChild(python, ['-m', 'kubernetes_validate', '--strict', '--quiet', '-k', version, checked]),
    ),
  );
  for (const [i, { code, output }] of outcomes.entries())
    // Of a kind that it does not know it only says so.
    if (code !== 0 || output.trim() !== '') problems.push(`${VERSIONS[i]}: ${output}`);
  return { objects: all.length, problems: problems.join('\n') };
}
