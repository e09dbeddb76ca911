import { describe, expect, it } from 'vitest';
import type { Model } from '../model.js';
import { ServedModel } from './served-model.js';

function served(): { model: ServedModel; seen: string[]; finish: () => void } {
  const seen: string[] = [];
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const model: Model = {
    manifest: { version: 'v1' } as Model['manifest'],
    directory: '',
    source: 'directory',
    run: async () => {
      seen.push('run');
      await promise;
      return { scores: new Float32Array(), contributions: new Float32Array() };
    },
    release: () => {
      seen.push('release');
      return Promise.resolve();
    },
  };
  return {
    model: new ServedModel('v1', model, new Date()),
    seen,
    finish: () => {
      resolve(undefined);
    },
  };
}

describe('a model that is replaced', () => {
  it('is freed at once where nothing runs, and once', async () => {
    const { model, seen } = served();
    await model.retire();
    await model.retire();
    expect(seen).toEqual(['release']);
  });

  it('is freed when its last run has ended', async () => {
    const { model, seen, finish } = served();
    const run = model.run(new Float32Array(), 0);
    await model.retire();
    expect(seen).toEqual(['run']);
    finish();
    await run;
    expect(seen).toEqual(['run', 'release']);
  });

  it('is not freed while a turn that took it has not run it yet', async () => {
    const { model, seen, finish } = served();
    finish();
    await model.during(async () => {
      await model.retire();
      await model.run(new Float32Array(), 0);
      expect(seen).toEqual(['run']);
    });
    expect(seen).toEqual(['run', 'release']);
  });

  it('refuses to run when it is freed, without touching what is gone', async () => {
    const { model, seen } = served();
    await model.retire();
    await expect(model.run(new Float32Array(), 0)).rejects.toThrow('v1 was replaced');
    expect(seen).toEqual(['release']);
  });
});
