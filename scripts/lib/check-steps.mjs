import { readFileSync } from 'node:fs';
import { runChild } from './child.mjs';
import { lockfileProblems } from './lockfile.mjs';
import { inRoot } from './paths.mjs';
import { productNode } from './product-node.mjs';

/** @typedef {{ name: string, run: () => Promise<import('./child.mjs').Outcome> }} Step */

/** @type {readonly Step[]} */
export const checkSteps = [
  { name: 'format', run: tool('prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.') },
  {
    name: 'lint',
    run: tool('oxlint/bin/oxlint', '--type-aware', '--deny-warnings', '--report-unused-disable-directives'),
  },
  {
    name: 'types',
    run: inSequence(tool('typescript/bin/tsc', '--noEmit'), tool('typescript/bin/tsc', '-p', 'scripts')),
  },
  {
    name: 'imports',
    run: tool(
      'dependency-cruiser/bin/dependency-cruiser.mjs',
      'apps',
      'libs',
      'test',
      'scripts',
      'deploy',
      '--config',
      '.dependency-cruiser.mjs',
    ),
  },
  { name: 'unused', run: tool('knip/bin/knip.js', '--no-progress') },
  { name: 'lock', run: lock },
  { name: 'unit', run: tool('vitest/vitest.mjs', 'run', '--project', 'unit', '--reporter=dot') },
];

/** @param {string} entry inside node_modules @param {...string} args */
function tool(entry, ...args) {
  return () =>
    runChild(productNode(), [inRoot('node_modules', entry), ...args], {
      env: { ...process.env, NO_COLOR: '1' },
    });
}

/** @param {...Step['run']} runs @returns {Step['run']} */
function inSequence(...runs) {
  return async () => {
    const outcomes = [];
    for (const run of runs) outcomes.push(await run());
    return {
      code: Math.max(...outcomes.map(({ code }) => code)),
      output: outcomes.map(({ output }) => output).join(''),
    };
  };
}

async function lock() {
  const read = (/** @type {string} */ file) => JSON.parse(readFileSync(inRoot(file), 'utf8'));
  const problems = lockfileProblems(read('package-lock.json'), read('package.json').allowScripts ?? {});
  return { code: problems.length > 0 ? 1 : 0, output: problems.map((problem) => `${problem}\n`).join('') };
}
