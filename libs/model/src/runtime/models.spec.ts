import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FileControlStore, type ControlStore } from '@fraud/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Model } from '../model.js';
import { ModelRefused } from '../model-refused.js';
import type { RefusalReason } from '../refusals.js';
import type { StoppedRollout } from './desired.js';
import type { LoadEvent } from './held-models.js';
import { ModelChangeRefused } from './model-change-refused.js';
import { Models } from './models.js';
import type { ModelsOptions } from './models-options.js';

/** Versions that can be had, and what becomes of them. */
class Registry {
  readonly broken = new Map<string, RefusalReason>();
  readonly released: string[] = [];
  loads = 0;
  chosenFrom: string[] = [];

  versions(): Promise<string[]> {
    return Promise.resolve(this.chosenFrom);
  }

  load(version = 'v1'): Promise<Model> {
    this.loads += 1;
    const reason = this.broken.get(version);
    if (reason !== undefined) return Promise.reject(new ModelRefused(reason, `${version} is broken`));
    return Promise.resolve({
      manifest: { version } as Model['manifest'],
      directory: '',
      source: 'directory',
      run: () => Promise.resolve({ scores: new Float32Array(), contributions: new Float32Array() }),
      release: () => {
        this.released.push(version);
        return Promise.resolve();
      },
    });
  }
}

let directory: string;
let opened: Models[];
let registry: Registry;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'models-'));
  opened = [];
  registry = new Registry();
});
afterEach(async () => {
  await Promise.all(opened.map((models) => models.close()));
  await rm(directory, { recursive: true });
});

interface Instance {
  readonly models: Models;
  readonly loads: LoadEvent[];
  readonly stopped: StoppedRollout[];
  readonly lost: unknown[];
}

async function instance(options: Partial<ModelsOptions> = {}): Promise<Instance> {
  const loads: LoadEvent[] = [];
  const stopped: StoppedRollout[] = [];
  const lost: unknown[] = [];
  const models = await Models.open({
    source: registry,
    control: new FileControlStore(directory),
    configured: { active: undefined, shadow: undefined, rollout: undefined },
    guard: { windowMinutes: 10, verdict: ({ errors }) => (errors > 5 ? `${errors} errors` : null) },
    observer: {
      loaded: (event) => loads.push(event),
      swapped: () => undefined,
      rolloutStopped: (one) => stopped.push(one),
      controlLost: (cause) => lost.push(cause),
    },
    lookEveryMs: 10,
    ...options,
  });
  opened.push(models);
  return { models, loads, stopped, lost };
}

const active = ({ models }: Instance): string | undefined => models.serving.active?.version;

async function until(true_: () => boolean): Promise<void> {
  while (!true_()) await sleep(5);
}

const codeOf = async (change: Promise<void>): Promise<string> => {
  try {
    await change;
    return 'changed';
  } catch (cause) {
    if (cause instanceof ModelRefused) return cause.reason;
    if (cause instanceof ModelChangeRefused) return cause.code;
    throw cause;
  }
};

describe('the models of several instances', () => {
  it('begin with what is there, and all follow a change that one of them was asked for', async () => {
    const [one, other] = [await instance(), await instance()];
    expect([active(one), active(other)]).toEqual(['v1', 'v1']);
    await one.models.activate('v2', 'me');
    expect(active(one)).toBe('v2');
    await until(() => active(other) === 'v2');
    await other.models.rollback('me');
    await until(() => active(one) === 'v1');
    expect(one.models.desired).toMatchObject({ active: 'v1', previous: 'v2', revision: 2, changed_by: 'me' });
  });

  it('are what was chosen after a restart', async () => {
    const one = await instance();
    await one.models.activate('v2', 'me');
    await one.models.close();
    opened = [];
    expect(active(await instance())).toBe('v2');
  });

  it('go back and forth between two versions', async () => {
    const one = await instance();
    await one.models.activate('v2', 'me');
    await one.models.activate('v3', 'me');
    const seen: (string | undefined)[] = [];
    for (let i = 0; i < 3; i++) {
      await one.models.rollback('me');
      seen.push(active(one));
    }
    expect(seen).toEqual(['v2', 'v3', 'v2']);
  });

  it('keep the way back where the active version is activated again', async () => {
    const one = await instance();
    await one.models.activate('v2', 'me');
    await one.models.activate('v2', 'me');
    await one.models.rollback('me');
    expect(active(one)).toBe('v1');
  });

  it('have nothing to go back to at first', async () => {
    expect(await codeOf((await instance()).models.rollback('me'))).toBe('nothing_to_roll_back');
  });

  it('stay, and nothing is agreed on, where a version must not run', async () => {
    const [one, other] = [await instance(), await instance()];
    registry.broken.set('v2', 'hash_mismatch');
    expect(await codeOf(one.models.activate('v2', 'me'))).toBe('hash_mismatch');
    expect(await codeOf(one.models.load('v2', 'me'))).toBe('hash_mismatch');
    await sleep(50);
    expect([active(one), active(other)]).toEqual(['v1', 'v1']);
    expect(one.models.desired.revision).toBe(0);
    expect(one.models.history[0]).toMatchObject({ version: 'v2', refused: { code: 'hash_mismatch' } });
  });

  it('an instance that cannot load what the others decide by keeps what it has, and says why', async () => {
    const one = await instance();
    const broken = new Registry();
    broken.broken.set('v2', 'registry_unavailable');
    const other = await instance({ source: broken });
    await one.models.activate('v2', 'me');
    await until(() => other.models.history[0]?.version === 'v2');
    expect(active(other)).toBe('v1');
    expect(other.models.history[0]).toMatchObject({ refused: { code: 'registry_unavailable' } });
    // It is not asked for at every look.
    const { loads } = broken;
    await sleep(100);
    expect(broken.loads).toBe(loads);
    broken.broken.clear();
    await until(() => active(other) === 'v2');
  });

  it('hold a loaded version ready, so that a change needs no load', async () => {
    const [one, other] = [await instance(), await instance()];
    await one.models.load('v2', 'me');
    await until(() => other.models.history[0]?.version === 'v2');
    const { loads } = registry;
    await one.models.activate('v2', 'me');
    await until(() => active(other) === 'v2');
    expect(registry.loads).toBe(loads);
  });

  it('hold what is about to be agreed on, however often they look meanwhile', async () => {
    const control = new FileControlStore(directory);
    const slow = Object.assign(Object.create(control) as FileControlStore, {
      read: async (name: string) => {
        await sleep(30);
        return await control.read(name);
      },
    });
    const one = await instance({ control: slow, lookEveryMs: 1 });
    const { loads } = registry;
    await one.models.activate('v2', 'me');
    expect(registry.loads - loads).toBe(1);
  });

  it('let go of what nobody needs any more', async () => {
    const one = await instance();
    for (const version of ['v2', 'v3', 'v4']) await one.models.activate(version, 'me');
    expect(registry.released).toEqual(['v1', 'v2']);
  });

  it('follow changes that cross one after another, and none is lost', async () => {
    const all = await Promise.all(
      Array.from({ length: 4 }, () => instance({ control: new FileControlStore(directory) })),
    );
    for (let i = 0; i < 5; i++) await all[i % 4]!.models.activate(`v${i + 2}`, 'me');
    await until(() => all.every((one) => active(one) === 'v6'));
    expect(all[0]!.models.desired.revision).toBe(5);
  });

  it('tell what they know where it was lost', async () => {
    const one = await instance();
    await one.models.activate('v2', 'me');
    await rm(join(directory, 'models.json'));
    await until(() => one.models.desired.revision === 1);
    await sleep(50);
    expect(active(await instance())).toBe('v2');
  });

  it('stay as they are while it cannot be read', async () => {
    const away: ControlStore = {
      kind: 'redis',
      read: () => Promise.reject(new Error('away')),
      replace: () => Promise.reject(new Error('away')),
      count: () => Promise.reject(new Error('away')),
      close: () => Promise.resolve(),
    };
    const one = await instance({ control: away });
    expect(active(one)).toBe('v1');
    await expect(one.models.activate('v2', 'me')).rejects.toThrow('away');
    expect(active(one)).toBe('v1');
    expect(one.lost[0]).toMatchObject({ message: 'away' });
  });
});

describe('what the environment says', () => {
  it('wins over what was agreed on, which cannot be changed then', async () => {
    await (await instance()).models.activate('v2', 'me');
    const pinned = await instance({ configured: { active: 'v3', shadow: undefined, rollout: undefined } });
    expect(active(pinned)).toBe('v3');
    expect(await codeOf(pinned.models.activate('v4', 'me'))).toBe('model_set_by_environment');
    expect(await codeOf(pinned.models.rollback('me'))).toBe('model_set_by_environment');
  });

  it('a start that ends leaves no connection behind', async () => {
    registry.broken.set('v1', 'hash_mismatch');
    let closed = 0;
    const control = new FileControlStore(directory);
    const counting = Object.assign(Object.create(control) as FileControlStore, {
      close: () => {
        closed += 1;
        return control.close();
      },
    });
    await expect(instance({ control: counting })).rejects.toMatchObject({ reason: 'hash_mismatch' });
    expect(closed).toBe(1);
  });

  it('must be there: a start with a broken model ends, one with a registry that is away does not', async () => {
    registry.broken.set('v1', 'hash_mismatch');
    await expect(instance()).rejects.toMatchObject({ reason: 'hash_mismatch' });
    registry.broken.set('v1', 'registry_unavailable');
    const one = await instance();
    expect([active(one), one.models.unavailable?.reason]).toEqual([undefined, 'registry_unavailable']);
    registry.broken.clear();
    await until(() => active(one) === 'v1');
    expect(one.models.unavailable).toBeNull();
  });

  it('may be nothing yet where there are versions to choose from', async () => {
    registry.broken.set('v1', 'not_found');
    await expect(instance()).rejects.toMatchObject({ reason: 'not_found' });
    registry.chosenFrom = ['v2', 'v3'];
    const pinned = { active: 'v1', shadow: undefined, rollout: undefined };
    await expect(instance({ configured: pinned })).rejects.toMatchObject({ reason: 'not_found' });
    const one = await instance();
    expect([active(one), one.models.unavailable?.reason]).toEqual([undefined, 'not_found']);
    await one.models.activate('v3', 'me');
    expect([active(one), one.models.unavailable, one.models.desired.previous]).toEqual(['v3', null, null]);
  });

  it('gives a share of the cards, or a shadow, to others; where one is broken, to nobody', async () => {
    const configured = { active: 'v1', shadow: 'v2', rollout: 'v3:10' };
    const { models } = await instance({ configured });
    expect([models.serving.shadow?.version, models.serving.candidate?.model.version]).toEqual(['v2', 'v3']);
    registry.broken.set('v2', 'golden_mismatch').set('v3', 'golden_mismatch');
    const other = await instance({ configured });
    expect(other.models.serving).toMatchObject({ shadow: null, candidate: null });
  });
});

describe('a rollout', () => {
  const configured = { active: 'v1', shadow: undefined, rollout: 'v2:10' };

  it('that leaves its bounds ends for all instances, also after a restart', async () => {
    const control = new FileControlStore(directory);
    const [one, other] = [await instance({ configured, control }), await instance({ configured, control })];
    // Neither alone is out of bounds.
    one.models.tally.add(10, 3, 0);
    other.models.tally.add(10, 3, 0);
    await until(() => one.models.serving.candidate === null && other.models.serving.candidate === null);
    expect([...one.stopped, ...other.stopped]).toMatchObject([{ rollout: 'v2:10', reason: '6 errors' }]);
    const later = await instance({ configured });
    expect(later.models.serving.candidate).toBeNull();
    expect(later.models.desired.stopped).toHaveLength(1);
  });

  it('with another share is another one', async () => {
    const one = await instance({ configured });
    one.models.tally.add(10, 6, 0);
    await until(() => one.models.serving.candidate === null);
    const other = await instance({ configured: { ...configured, rollout: 'v2:5' } });
    expect(other.models.serving.candidate?.model.version).toBe('v2');
  });

  it('within its bounds goes on', async () => {
    const one = await instance({ configured });
    one.models.tally.add(1000, 5, 100);
    await until(() => one.models.rolloutCounts.decisions === 1000);
    expect(one.models.serving.candidate).not.toBeNull();
  });
});
