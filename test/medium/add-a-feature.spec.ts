import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE_VERSION, FEATURE_NAMES } from '@fraud/features';
import { REPOSITORY, runCli, runNode, type CliOutcome } from '../support/cli.js';

/** What the steps need of the repository. */
const NEEDED =
  'apps libs config models docs README.md package.json nest-cli.json tsconfig.json vitest.config.ts';
const CATALOGUE = 'libs/features/src/catalogue/catalogue.ts';
const SPEC = 'libs/features/src/vector.spec.ts';

/** The two examples of the recipe in CONTRIBUTING.md: a declaration and its test. */
async function examples(): Promise<{ declaration: string; name: string; test: string; title: string }> {
  const page = await readFile(path.join(REPOSITORY, 'CONTRIBUTING.md'), 'utf8');
  const recipe = page.slice(page.indexOf('### Add a feature'), page.indexOf('### Add a metric'));
  const blocks = [...recipe.matchAll(/^ *```ts\n(.*?)^ *```$/gms)].map(([, code]) => code!);
  const [declaration = '', test = ''] = blocks;
  const name = /^\s*card\('(\w+)'/.exec(declaration)?.[1];
  const title = /^\s*it\('(.+?)'/.exec(test)?.[1];
  if (blocks.length !== 2 || name === undefined || title === undefined)
    throw new Error('the examples of the recipe are not a declaration and its test');
  return { declaration, name: `card_${name}`, test, title };
}

/** Does what the recipe says by hand; each place must be there once. */
async function insertBehind(file: string, place: string, code: string): Promise<void> {
  const before = await readFile(file, 'utf8');
  const parts = before.split(place);
  if (parts.length !== 2) throw new Error(`${file}: ${place} is there ${parts.length - 1} times`);
  await writeFile(file, `${parts[0]}${place}\n${code}${parts[1]}`);
}

describe('the recipe for adding a feature', () => {
  let copy: string;
  let name: string;
  let title: string;
  let built: CliOutcome;
  let tested: CliOutcome;
  let documented: CliOutcome;

  beforeAll(async () => {
    copy = await mkdtemp(path.join(tmpdir(), 'add-a-feature-'));
    for (const part of NEEDED.split(' ')) {
      await cp(path.join(REPOSITORY, part), path.join(copy, part), { recursive: true });
    }
    await symlink(path.join(REPOSITORY, 'node_modules'), path.join(copy, 'node_modules'));
    const recipe = await examples();
    ({ name, title } = recipe);
    const last = `  ...visits('ip'),`;
    await insertBehind(path.join(copy, CATALOGUE), last, recipe.declaration);
    await insertBehind(path.join(copy, SPEC), `describe('writeVector', () => {`, recipe.test);
    const tool = (entry: string, ...args: string[]): Promise<CliOutcome> =>
      runNode([path.join('node_modules', entry), ...args], { NO_COLOR: '1' }, copy);
    [built, tested] = await Promise.all([
      tool('@nestjs/cli/bin/nest.js', 'build', 'cli'),
      tool('vitest/vitest.mjs', 'run', '--project', 'unit', '--reporter', 'verbose', 'libs/features'),
    ]);
    documented = await runCli(['docs'], {}, copy);
  }, 60_000);
  afterAll(() => rm(copy, { recursive: true, force: true }));

  it('gives a feature that compiles, and passes its own test and those of every feature', () => {
    expect(FEATURE_NAMES).not.toContain(name);
    expect(built).toMatchObject({ code: 0 });
    expect(tested.output).toContain(title);
    expect(tested).toMatchObject({ code: 0 });
  });

  it('documents it with its CEL type and its drift eligibility, and changes no other page', async () => {
    expect(documented).toEqual({ code: 0, output: 'Wrote docs/features.md\n' });
    const page = await readFile(path.join(copy, 'docs/features.md'), 'utf8');
    const cells = page
      .split('\n')
      .find((line) => line.startsWith(`| \`${name}\``))
      ?.split('|')
      .map((cell) => cell.trim());
    const header = page
      .split('\n')
      .find((line) => line.startsWith('| Name'))!
      .split('|')
      .map((cell) => cell.trim());
    expect(cells?.[header.indexOf('CEL type')]).toBe('`double`');
    expect(cells?.[header.indexOf('Drift-eligible')]).toBe('yes');
    expect(page).toContain(`${FEATURE_NAMES.length + 1} features, catalogue version`);
  });

  it('makes it a column of the training matrix, with values', async () => {
    const out = path.join(copy, 'matrix');
    expect(await runCli(['matrix', '--out', out, '--cards', '20', '--days', '20'], {}, copy)).toMatchObject({
      code: 0,
    });
    const { features, state_features } = JSON.parse(
      await readFile(path.join(out, 'matrix.json'), 'utf8'),
    ) as Record<string, string[]>;
    expect(features).toEqual([...FEATURE_NAMES, name]);
    expect(state_features).toContain(name);
    const rows = await parquetReadObjects({
      file: await asyncBufferFromFile(path.join(out, 'matrix.parquet')),
      columns: [name],
    });
    expect(rows.filter((row) => Number.isFinite(row[name])).length).toBeGreaterThan(rows.length / 4);
  });

  it('keeps a model that was trained without it from running, and says what to do', async () => {
    const traffic = path.join(copy, 'traffic.ndjson');
    await runCli(['simulate', '--to', 'file', '--out', traffic, '--duration', '1s'], {}, copy);
    const { code, output } = await runCli(['replay', traffic], {}, copy);
    expect(code).toBe(1);
    expect(output).toContain('The model was refused (catalogue_mismatch)');
    expect(output).toContain(`trained on feature catalogue ${CATALOGUE_VERSION}; this is `);
    expect(output).toContain('Train it anew: npm run train');
  });
});
