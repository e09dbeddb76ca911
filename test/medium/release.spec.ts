import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../support/cli.js';
import { startApi } from '../support/product-process.js';

const run = promisify(execFile);
const BILL = 'sbom.cdx.json';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'release-'));
});
afterAll(() => rm(directory, { recursive: true }));

describe('npm version', { timeout: 60_000 }, () => {
  let clone: string;
  const inClone = async (...command: readonly [string, ...string[]]): Promise<string> => {
    const [program, ...args] = command;
    return (await run(program, args, { cwd: clone })).stdout;
  };
  const read = (file: string): Promise<string> => readFile(path.join(clone, file), 'utf8');

  beforeAll(async () => {
    clone = path.join(directory, 'clone');
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
  }, 60_000);

  it('makes one commit with a tag, in which everything that has the version has the new one', async () => {
    expect(JSON.parse(await read('package.json'))).toMatchObject({ version: '12.3.4' });
    expect(JSON.parse(await read('package-lock.json'))).toMatchObject({ version: '12.3.4' });
    expect(new Set((await read('Dockerfile')).match(/^ARG VERSION=.*$/gm))).toEqual(
      new Set(['ARG VERSION=12.3.4']),
    );
    expect(JSON.parse(await read('docs/schemas/asyncapi.json'))).toMatchObject({
      info: { version: '12.3.4' },
    });
    expect(await read('deploy/k8s/base/kustomization.yaml')).toMatch(/newTag: v12\.3\.4$/m);
    expect(await read('CHANGELOG.md')).toMatch(
      /## \[Unreleased\]\n\n## \[12\.3\.4\] - \d{4}-\d\d-\d\d\n\n### Added/,
    );
    const last = await inClone('git', 'log', '-1', '--format=%s %D');
    expect([await inClone('git', 'status', '--porcelain'), last.trim()]).toEqual([
      '',
      'chore: release 12.3.4 HEAD -> main, tag: v12.3.4',
    ]);
  });

  it('leaves a bill of materials in the tag that says which release it is of, and that npm run sbom makes again to the byte', async () => {
    const bill = await inClone('git', 'show', `v12.3.4:${BILL}`);
    expect(JSON.parse(bill)).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: {
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT00:00:00Z$/) as string,
        component: { name: 'fraud-detection', version: '12.3.4', purl: 'pkg:npm/fraud-detection@12.3.4' },
      },
    });
    expect(await inClone('npm', 'run', '--silent', 'sbom')).toBe(bill);
    // Also where development dependencies are left out of everything.
    expect(await inClone('env', 'NODE_ENV=production', 'npm', 'run', '--silent', 'sbom')).toBe(bill);
  });

  it('is what /health says of a process that runs it', async () => {
    const home = path.join(directory, 'home');
    await mkdir(home);
    await run('cp', ['-r', 'dist', 'config', 'models', home], { cwd: REPOSITORY });
    await run('cp', ['package.json', home], { cwd: clone });
    await symlink(path.join(REPOSITORY, 'node_modules'), path.join(home, 'node_modules'));
    const api = await startApi({}, home);
    expect(await (await fetch(`${api.url}/health`)).json()).toMatchObject({ version: '12.3.4' });
    await api.stop();
  });

  it('changes nothing of the bill but version, date and serial number where the lock is the same', async () => {
    const changelog = await read('CHANGELOG.md');
    await writeFile(
      path.join(clone, 'CHANGELOG.md'),
      changelog.replace('## [Unreleased]\n', '## [Unreleased]\n\n### Fixed\n\n- A fault.\n'),
    );
    await inClone('git', 'commit', '--quiet', '--all', '--message', 'fix: a fault');
    await inClone('npm', 'version', 'patch');
    const changes = await inClone('git', 'diff', '-U0', 'v12.3.4', 'v12.3.5', '--', BILL);
    const added = changes.split('\n').filter((line) => /^\+[^+]/.test(line));
    expect(added.filter((line) => !/12\.3\.5|timestamp|serialNumber/.test(line))).toEqual([]);
    expect(added.length).toBeGreaterThan(3);
  });

  it('is refused where nothing is under Unreleased, and writes nothing but what npm wrote before it asked', async () => {
    await inClone('git', 'reset', '--quiet', '--hard', 'v12.3.4');
    await expect(inClone('npm', 'version', 'minor')).rejects.toThrow('there is nothing under Unreleased');
    expect((await inClone('git', 'status', '--porcelain')).match(/\S+$/gm)).toEqual([
      'package-lock.json',
      'package.json',
    ]);
  });
});

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
