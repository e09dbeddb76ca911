import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { inRoot } from '../paths.mjs';

interface Job {
  readonly 'timeout-minutes'?: number;
  readonly container?: { readonly image: string };
  readonly uses?: string;
  readonly steps?: readonly { readonly uses?: string; readonly run?: string; readonly env?: unknown }[];
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}
const read = (name: string): Workflow =>
  parse(readFileSync(inRoot('.github/workflows', name), 'utf8')) as Workflow;
const workflows = ['ci.yml', 'release.yml'].map(read);
const jobs = workflows.flatMap((workflow) => Object.values(workflow.jobs));
const runs = (name: string, job: string): string =>
  read(name)
    .jobs[job]!.steps!.map(({ run = '' }) => run)
    .join('\n');

it('runs what a desk runs, on the Node of the product, before a release, too', () => {
  expect(runs('ci.yml', 'ci').trim().split('\n').slice(-2)).toEqual([
    'bash .ci/run',
    'npm run --silent test:image',
  ]);
  // A desk has the reference data, or says that it goes without.
  expect(read('ci.yml').jobs['ci']!.steps!.filter(({ env }) => env !== undefined)).toEqual([
    { run: 'bash .ci/run', env: { WITHOUT_REFERENCE_DATA: '1' } },
  ]);
  const { devDependencies } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  expect(read('ci.yml').jobs['ci']!.container!.image).toBe(`node:${devDependencies['node']}-bookworm`);
  expect(read('release.yml').jobs['ci']!.uses).toBe('./.github/workflows/ci.yml');
});

it('may read the repository alone where nothing else is said, ends in time, and takes actions by their hash', () => {
  expect(workflows.map(({ permissions }) => permissions)).toEqual([
    { contents: 'read' },
    { contents: 'read' },
  ]);
  const own = jobs.filter(({ uses }) => uses === undefined);
  expect(own.every((job) => job['timeout-minutes']! <= 90)).toBe(true);
  const actions = own.flatMap(({ steps = [] }) => steps.flatMap(({ uses }) => uses ?? []));
  expect(actions.length).toBeGreaterThan(2);
  expect(actions.filter((action) => !/^actions\/[a-z-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
});

it('builds with every argument that labels are made of', () => {
  const dockerfile = readFileSync(inRoot('Dockerfile'), 'utf8');
  const declared = [...dockerfile.matchAll(/^ARG (\w+)=/gm)].map(([, name]) => name!);
  const given = [...runs('release.yml', 'image').matchAll(/--build-arg "(\w+)=/g)].map(([, name]) => name!);
  // The version is that of package.json, and the base image that of the Dockerfile.
  expect(given).toEqual(
    [...new Set(declared)].filter((name) => name !== 'VERSION' && name !== 'NODE_VERSION'),
  );
});
