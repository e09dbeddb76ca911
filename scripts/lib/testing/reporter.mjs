import { writeFileSync } from 'node:fs';
import { fromRoot } from '../paths.mjs';

/**
 * A vitest reporter that writes what the verdict needs: every test with its project, file and state.
 * (The built-in JSON report names no projects.)
 */
export default class VerdictReporter {
  /** @param {readonly import('vitest/node').TestModule[]} modules */
  onTestRunEnd(modules) {
    const file = process.env.FRAUD_TEST_REPORT;
    if (file) writeFileSync(file, JSON.stringify(modules.map(summary)));
  }
}

/**
 * @param {import('vitest/node').TestModule} module
 * @returns {import('./verdict.mjs').FileReport}
 */
function summary(module) {
  const tests = [...module.children.allTests()].map((test) => {
    const result = test.result();
    return {
      name: test.fullName,
      state: result.state,
      note: result.state === 'skipped' ? (result.note ?? '') : '',
    };
  });
  return { project: module.project.name, file: fromRoot(module.moduleId), tests };
}
