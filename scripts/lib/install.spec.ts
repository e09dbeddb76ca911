import { describe, expect, it } from 'vitest';
import { describeFailure } from './failure.mjs';
import { installFailure } from './install.mjs';

describe('a failed install', () => {
  it.each([
    [
      'npm error code ENOTFOUND\nrequest to https://registry.example/x failed',
      'could not reach the package registry',
    ],
    ['npm error code EUSAGE\nnpm error Missing: x@ from lock file', 'do not agree'],
    ['npm error code ENOSPC', 'the disk is full'],
    ['npm error code EACCES', 'may not write'],
    ['npm error something new', 'npm ci failed'],
  ])('says what happened and what to do: %s', (output, what) => {
    const text = describeFailure(installFailure(output));
    expect(text).toContain(what);
    expect(text).toMatch(/Next: {3}\S/);
    expect(text).toContain(output);
  });
});
