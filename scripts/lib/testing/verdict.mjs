import { NEEDS_REFERENCE_DATA } from './reference-data.mjs';

/** @typedef {{ name: string, state: 'passed' | 'failed' | 'skipped' | 'pending', note: string }} TestReport */
/** @typedef {{ project: string, file: string, tests: TestReport[] }} FileReport */
/** @typedef {{ problems: string[], closingLine: string }} Verdict */

/**
 * Whether a run that vitest calls green really ran everything.
 * @param {readonly FileReport[]} files
 * @param {{ projects: readonly string[], specs: readonly string[], byName: boolean }} expected projects and spec files
 *   that must have run (none when a part was selected); `byName`: tests were selected by name, so skips are expected
 * @returns {Verdict}
 */
export function verdict(files, { projects, specs, byName }) {
  const problems = [
    ...projects.filter((name) => count(files, name) === 0).map((name) => `${name}: not one test ran`),
    ...specs
      .filter((spec) => !files.some(({ file }) => file === spec))
      .map((spec) => `${spec}: no project runs this file`),
    ...(byName ? [] : files.flatMap(fileProblems)),
  ];
  if (files.every((file) => ran(file) === 0)) problems.push('no test ran at all');
  return { problems, closingLine: closingLine(files, problems, byName) };
}

/** @param {FileReport} file */
function fileProblems(file) {
  const skipped = file.tests.filter((test) => isSkip(test) && !isPermitted(test));
  const problems = skipped.map(({ name }) => `${file.file}: skipped: ${name}`);
  if (ran(file) === 0 && !file.tests.some(isPermitted) && skipped.length === 0) {
    problems.push(`${file.file}: not one test ran`);
  }
  return problems;
}

/** @param {readonly FileReport[]} files @param {readonly string[]} problems @param {boolean} byName */
function closingLine(files, problems, byName) {
  const tests = files.flatMap((file) => file.tests);
  const of = (/** @type {string} */ state) => tests.filter((test) => test.state === state).length;
  const projects = [...new Set(files.map(({ project }) => project))].sort(byStage);
  const parts = projects.map((name) => `${name} ${count(files, name)}`).join(', ');
  const permitted = tests.filter(isPermitted).length;
  const skipped = tests.filter((test) => isSkip(test) && !isPermitted(test)).length;
  return [
    of('failed') > 0 ? `${of('failed')} of ${of('failed') + of('passed')} tests failed` : '',
    of('failed') > 0 ? '' : `${of('passed')} tests in ${files.filter(ran).length} files passed (${parts})`,
    byName ? `${skipped} not selected` : `${skipped} skipped`,
    permitted > 0 ? `${permitted} not run: ${NEEDS_REFERENCE_DATA}` : '',
    problems.length > 0
      ? `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}, named above`
      : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** From the quickest kind of test to the slowest. @param {string} a @param {string} b */
function byStage(a, b) {
  const stages = ['unit', 'medium', 'e2e'];
  return stages.indexOf(a) - stages.indexOf(b);
}

/** @param {readonly FileReport[]} files @param {string} project */
function count(files, project) {
  return files.filter((file) => file.project === project).reduce((sum, file) => sum + ran(file), 0);
}

/** @param {FileReport} file */
const ran = (file) => file.tests.filter(({ state }) => state === 'passed' || state === 'failed').length;

/** @param {TestReport} test */
const isSkip = ({ state }) => state === 'skipped' || state === 'pending';

/** @param {TestReport} test */
const isPermitted = (test) => isSkip(test) && test.note === NEEDS_REFERENCE_DATA;
