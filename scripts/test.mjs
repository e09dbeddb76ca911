import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runChild } from './lib/child.mjs';
import { runMain } from './lib/failure.mjs';
import { inRoot, root } from './lib/paths.mjs';
import { productNode } from './lib/product-node.mjs';
import { ensureReady } from './lib/ready.mjs';
import { specFiles } from './lib/testing/spec-files.mjs';
import { verdict } from './lib/testing/verdict.mjs';

const isFault = (/** @type {string} */ spec) => spec.startsWith('test/fault/');
const isImage = (/** @type {string} */ spec) => spec.startsWith('test/image/');
const isReference = (/** @type {string} */ spec) => spec.startsWith('test/reference/');
/**
 * What runs where nothing is selected. Faults take as long as all the rest, with the machine for themselves; the reference data are
 * not everywhere, and take minutes where they are; containers need root and an engine.
 */
const SUITES = {
  usual: {
    projects: ['unit', 'medium', 'e2e'],
    holds: (/** @type {string} */ spec) => !isFault(spec) && !isReference(spec) && !isImage(spec),
  },
  '--fault': { projects: ['fault'], holds: isFault },
  '--image': { projects: ['image'], holds: isImage },
  '--reference': { projects: ['reference'], holds: isReference },
};
/** @typedef {keyof typeof SUITES} Suite */
const BY_NAME = /^(?:-t|--testNamePattern)(?:=|$)/;

await runMain(async () => {
  const given = process.argv.slice(2);
  const named = /** @type {Suite | undefined} */ (given.find((argument) => argument in SUITES));
  const args = given.filter((argument) => argument !== named);
  const suite = SUITES[named ?? 'usual'];
  const selected = args.length > 0 ? args : suite.projects.flatMap((project) => ['--project', project]);
  await ensureReady();
  const scratch = mkdtempSync(path.join(tmpdir(), 'fraud-test-'));
  try {
    const report = path.join(scratch, 'report.json');
    const { code } = await runVitest(selected, report);
    return judge(code, readReport(report), args, suite);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

/** @param {readonly string[]} args @param {string} report */
function runVitest(args, report) {
  const reporters = ['--reporter=default', `--reporter=${inRoot('scripts/lib/testing/reporter.mjs')}`];
  return runChild(productNode(), [inRoot('node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...args], {
    inherit: true,
    env: { ...process.env, FRAUD_TEST_REPORT: report },
  });
}

/**
 * @param {number} code of vitest
 * @param {import('./lib/testing/verdict.mjs').FileReport[] | undefined} files
 * @param {readonly string[]} args what was selected; without any, the whole suite must have run
 * @param {typeof SUITES.usual} suite
 */
function judge(code, files, args, suite) {
  if (!files) {
    console.log('The test run ended before any result; the reason is above.');
    return code || 1;
  }
  const everything = args.length === 0;
  const { problems, closingLine } = verdict(files, {
    projects: everything ? suite.projects : [],
    specs: everything ? specFiles(root).filter(suite.holds) : [],
    byName: args.some((argument) => BY_NAME.test(argument)),
  });
  for (const problem of problems) console.log(`Not accepted: ${problem}`);
  // Errors outside tests (a broken setup or import) make vitest fail without a failed test.
  const outside =
    code !== 0 &&
    problems.length === 0 &&
    !files.some((file) => file.tests.some((t) => t.state === 'failed'));
  console.log(`${closingLine}${outside ? ', but vitest reported errors outside of tests (above)' : ''}`);
  return code || (problems.length > 0 ? 1 : 0);
}

/** @param {string} file @returns {import('./lib/testing/verdict.mjs').FileReport[] | undefined} */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
