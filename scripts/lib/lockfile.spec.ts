import { describe, expect, it } from 'vitest';
import { completeLock, lockfileProblems, platformOf } from './lockfile.mjs';

describe('the rules of package-lock.json', () => {
  it('accepts packages without an address, and install scripts that were decided on', () => {
    const packages = {
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '1.0.0', hasInstallScript: true },
    };
    expect(lockfileProblems({ packages }, { b: false })).toEqual([]);
  });

  it('refuses an address and an install script nobody decided on', () => {
    const packages = {
      'node_modules/a': { version: '1.0.0', resolved: 'https://npm.corp.example/a-1.0.0.tgz' },
      'node_modules/x/node_modules/@s/b': { version: '1.0.0', hasInstallScript: true },
    };
    expect(lockfileProblems({ packages }, {})).toEqual([
      expect.stringContaining('a is resolved from npm.corp.example'),
      expect.stringContaining('@s/b has an install script'),
    ]);
  });

  it('notices optional packages of other platforms that are missing, and adds them', () => {
    const optionalDependencies = { 'p-linux-x64': '1.0.0', 'p-win32-x64-msvc': '1.0.0' };
    const lock = {
      packages: {
        'node_modules/p': { version: '1.0.0', dev: true, optionalDependencies },
        'node_modules/p/node_modules/p-linux-x64': { version: '1.0.0' },
      },
    };
    expect(lockfileProblems(lock, {})).toHaveLength(1);
    expect(completeLock(lock)).toEqual(['p-win32-x64-msvc@1.0.0']);
    expect(lockfileProblems(lock, {})).toEqual([]);
    expect(lock.packages).toHaveProperty(['node_modules/p-win32-x64-msvc'], {
      version: '1.0.0',
      dev: true,
      optional: true,
      os: ['win32'],
      cpu: ['x64'],
    });
  });

  it.each([
    ['@o/binding-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
    ['@o/binding-linux-arm64-musl', { os: ['linux'], cpu: ['arm64'], libc: ['musl'] }],
    ['@o/darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
    ['anything', {}],
  ])('reads the platform of %s from its name', (name, platform) => {
    expect(platformOf(name)).toEqual(platform);
  });
});
