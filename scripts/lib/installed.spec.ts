import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { whyInstall } from './installed.mjs';

const locked = {
  '': { dependencies: { a: '1.0.0' } },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/elsewhere': { version: '2.0.0', optional: true },
};

describe('whether dependencies must be installed', () => {
  let directory: string;
  const write = (file: string, content: unknown) => {
    mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
    writeFileSync(path.join(directory, file), JSON.stringify(content));
  };

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'installed-'));
    write('package-lock.json', { packages: locked });
    write('node_modules/.package-lock.json', { packages: { 'node_modules/a': locked['node_modules/a'] } });
    write('node_modules/a/package.json', {});
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is content with what the lock asks for, without the optional packages of other platforms', () => {
    expect(whyInstall(directory)).toBeUndefined();
  });

  it('sees that nothing is installed, or an install was interrupted', () => {
    rmSync(path.join(directory, 'node_modules/.package-lock.json'));
    expect(whyInstall(directory)).toBe('dependencies are not installed');
  });

  it('names a package whose version is not the locked one', () => {
    write('package-lock.json', { packages: { ...locked, 'node_modules/a': { version: '1.0.1' } } });
    expect(whyInstall(directory)).toBe('a is not the version in package-lock.json');
  });

  it('names a package whose directory is gone', () => {
    rmSync(path.join(directory, 'node_modules/a'), { recursive: true });
    expect(whyInstall(directory)).toBe('a is missing from node_modules');
  });
});
