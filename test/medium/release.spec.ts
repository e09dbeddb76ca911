import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { REPOSITORY } from '../support/cli.js';

const run = promisify(execFile);

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'release-'));
});
afterAll(() => rm(directory, { recursive: true }));

it('npm version makes one commit with a tag, in which everything that has the version has the new one', async () => {
  const clone = path.join(directory, 'clone');
  const inClone = (...command: readonly [string, ...string[]]) => {
    const [program, ...args] = command;
    return run(program, args, { cwd: clone });
  };
  // As it is now, committed or not.
  await run('git', ['init', '--quiet', '--initial-branch=main', clone]);
  const files = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: REPOSITORY,
  });
  for (const file of files.stdout
    .trim()
    .split('\n')
    .filter((name) => /^[^/]+$|^scripts\/|^docs\/schemas\/|^deploy\/k8s\/base\//.test(name)))
    await run('cp', ['--parents', file, clone], { cwd: REPOSITORY });
  await inClone('git', 'config', 'user.email', 'test@localhost');
  await inClone('git', 'config', 'user.name', 'test');
  await inClone('git', 'add', '.');
  await inClone('git', 'commit', '--quiet', '--message', 'before');

  await inClone('npm', 'version', '12.3.4');

  const read = (file: string): Promise<string> => readFile(path.join(clone, file), 'utf8');
  expect(JSON.parse(await read('package.json'))).toMatchObject({ version: '12.3.4' });
  expect(JSON.parse(await read('package-lock.json'))).toMatchObject({ version: '12.3.4' });
  expect(new Set((await read('Dockerfile')).match(/^ARG VERSION=.*$/gm))).toEqual(
    new Set(['ARG VERSION=12.3.4']),
  );
  expect(JSON.parse(await read('docs/schemas/asyncapi.json'))).toMatchObject({ info: { version: '12.3.4' } });
  expect(await read('deploy/k8s/base/kustomization.yaml')).toMatch(/newTag: v12\.3\.4$/m);
  expect(await read('CHANGELOG.md')).toMatch(
    /## \[Unreleased\]\n\n## \[12\.3\.4\] - \d{4}-\d\d-\d\d\n\n### Added/,
  );
  const { stdout: status } = await inClone('git', 'status', '--porcelain');
  const { stdout: last } = await inClone('git', 'log', '-1', '--format=%s %D');
  expect([status, last.trim()]).toEqual(['', 'chore: release 12.3.4 HEAD -> main, tag: v12.3.4']);
}, 60_000);

it('npm run sbom names each package of production and no address of where it came from', async () => {
  const file = path.join(directory, 'sbom.json');
  const { stderr } = await run('npm', ['run', '--silent', 'sbom', '--', '--out', file], { cwd: REPOSITORY });
  const text = await readFile(file, 'utf8');
  const { bomFormat, components } = JSON.parse(text) as {
    bomFormat: string;
    components: { name: string; version: string; licenses?: readonly unknown[] }[];
  };
  expect(bomFormat).toBe('CycloneDX');
  const { dependencies, devDependencies } = JSON.parse(
    await readFile(path.join(REPOSITORY, 'package.json'), 'utf8'),
  ) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
  const named = new Map(components.map(({ name, version }) => [name, version]));
  expect(Object.entries(dependencies).filter(([name, version]) => named.get(name) !== version)).toEqual([]);
  expect(
    ['vitest', 'oxlint', 'prettier'].filter((name) => name in devDependencies && named.has(name)),
  ).toEqual([]);
  expect(components.filter(({ licenses = [] }) => licenses.length === 0)).toEqual([]);
  expect(text).not.toContain('.tgz');
  const { stdout: registry } = await run('npm', ['config', 'get', 'registry'], { cwd: REPOSITORY });
  expect(text).not.toContain(new URL(registry.trim()).host);
  // The summary by licence.
  expect(stderr).toMatch(/^\s*\d+ {2}MIT /m);
}, 60_000);
