import { describe, expect, it } from 'vitest';
import { NEEDS_REFERENCE_DATA } from './reference-data.mjs';
import { verdict } from './verdict.mjs';

type State = 'passed' | 'failed' | 'skipped';
const t = (state: State, note = '') => ({ name: `a ${state} test`, state, note });
const file = (project: string, name: string, ...tests: ReturnType<typeof t>[]) => ({
  project,
  file: name,
  tests,
});

const all = { projects: ['unit', 'e2e'], specs: ['a.spec.ts', 'b.spec.ts'], byName: false };
const good = [file('unit', 'a.spec.ts', t('passed'), t('passed')), file('e2e', 'b.spec.ts', t('passed'))];

describe('the verdict on a test run', () => {
  it('counts what ran, by project', () => {
    expect(verdict(good, all)).toEqual({
      problems: [],
      closingLine: '3 tests in 2 files passed (unit 2, e2e 1), 0 skipped',
    });
  });

  it('refuses a project, a file and a run without tests', () => {
    expect(verdict([good[0]!], all).problems).toEqual([
      'e2e: not one test ran',
      'b.spec.ts: no project runs this file',
    ]);
    expect(verdict([...good, file('unit', 'c.spec.ts')], all).problems).toEqual([
      'c.spec.ts: not one test ran',
    ]);
    expect(verdict([], { ...all, projects: [], specs: [] }).problems).toEqual(['no test ran at all']);
  });

  it('refuses a skipped test by name', () => {
    const { problems, closingLine } = verdict([...good, file('unit', 'c.spec.ts', t('skipped'))], all);
    expect(problems).toEqual(['c.spec.ts: skipped: a skipped test']);
    expect(closingLine).toContain('1 skipped, 1 problem, named above');
  });

  it('permits, and names, tests whose reference data is absent', () => {
    const files = [...good, file('unit', 'c.spec.ts', t('skipped', NEEDS_REFERENCE_DATA))];
    expect(verdict(files, all)).toEqual({
      problems: [],
      closingLine: '3 tests in 2 files passed (unit 2, e2e 1), 0 skipped, 1 not run: needs reference data',
    });
  });

  it('expects skips when tests are selected by name', () => {
    const files = [
      file('unit', 'a.spec.ts', t('passed'), t('skipped')),
      file('e2e', 'b.spec.ts', t('skipped')),
    ];
    expect(verdict(files, { projects: [], specs: [], byName: true })).toEqual({
      problems: [],
      closingLine: '1 tests in 1 files passed (unit 1, e2e 0), 2 not selected',
    });
  });

  it('says how many failed', () => {
    const files = [file('unit', 'a.spec.ts', t('passed'), t('failed')), good[1]!];
    expect(verdict(files, all).closingLine).toBe('1 of 3 tests failed, 0 skipped');
  });
});
