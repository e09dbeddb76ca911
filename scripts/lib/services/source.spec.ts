import { describe, expect, it } from 'vitest';
import { findOrInstall } from './source.mjs';

const launcher = { program: '/usr/bin/it', arguments: [] };

/** What it finds, one look after the other. */
const installation = (looks: (typeof launcher | undefined)[], trouble?: string) => ({
  missing: '',
  advice: '',
  find: async () => looks.shift(),
  install: async () => trouble,
});

describe('a program that a service needs', () => {
  it('is not installed where it is there', async () => {
    expect(await findOrInstall(installation([launcher], 'was asked to install'))).toEqual({
      launcher,
      trouble: '',
    });
  });

  it('is installed where it is not', async () => {
    expect(await findOrInstall(installation([undefined, launcher]))).toEqual({ launcher, trouble: '' });
  });

  it('is missing for a reason', async () => {
    expect(await findOrInstall(installation([undefined], 'no root'))).toEqual({ trouble: 'no root' });
    const { trouble } = await findOrInstall(installation([undefined, undefined]));
    expect(trouble).toBe('it was installed, but is not found now');
  });
});
