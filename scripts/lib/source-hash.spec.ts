import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isBuilt } from './build.mjs';
import { sourceFiles, sourceHash } from './source-hash.mjs';

describe('the hash of the sources', () => {
  let directory: string;
  const at = (file: string) => path.join(directory, file);
  const write = (file: string, content: string) => {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), content);
  };

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'sources-'));
    write('apps/api/src/main.ts', 'start();');
    write('libs/model/src/index.ts', 'export {};');
    write('nest-cli.json', '{}');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('covers what a build reads and leaves tests out', () => {
    write('libs/model/src/index.spec.ts', '');
    write('docs/readme.md', '');
    expect(sourceFiles(directory)).toEqual([
      'apps/api/src/main.ts',
      'libs/model/src/index.ts',
      'nest-cli.json',
    ]);
  });

  it('changes with a content and with a name', () => {
    const before = sourceHash(directory);
    write('libs/model/src/index.ts', 'export { };');
    const changed = sourceHash(directory);
    renameSync(at('libs/model/src/index.ts'), at('libs/model/src/other.ts'));
    expect(new Set([before, changed, sourceHash(directory)]).size).toBe(3);
  });

  it('does not change with times', () => {
    const before = sourceHash(directory);
    utimesSync(at('nest-cli.json'), 1, 1);
    expect(sourceHash(directory)).toBe(before);
  });

  it('makes a build stale when it differs from the stamp, and absent when dist is gone', () => {
    write('dist/.source-hash', sourceHash(directory));
    expect(isBuilt(directory)).toBe(true);
    write('apps/api/src/main.ts', 'stop();');
    expect(isBuilt(directory)).toBe(false);
    rmSync(at('dist'), { recursive: true });
    expect(isBuilt(directory)).toBe(false);
  });
});
