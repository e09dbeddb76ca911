import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileControlStore, type ControlStore } from '@fraud/platform';
import type { Door } from '@fraud/records';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Bypass } from './bypass.js';
import { BypassChangeRefused } from './bypass-state.js';

const MINUTE_MS = 60_000;
const ORDER = { reason: 'a trial', author: 'diana', minutes: 10, doors: ['http'] as Door[] };

let directory: string;
const opened: Bypass[] = [];
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 5) });
  directory = await mkdtemp(join(tmpdir(), 'bypass-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await rm(directory, { recursive: true });
});

async function open(
  mode?: boolean,
  door: Door | null = 'http',
  control: ControlStore = new FileControlStore(directory),
  maxMinutes = 60,
): Promise<Bypass> {
  const bypass = await Bypass.open({ mode, maxMinutes }, control, door);
  opened.push(bypass);
  return bypass;
}

const pass = (ms: number): unknown => vi.setSystemTime(Date.now() + ms);

describe('a bypass', () => {
  it('ends by itself when its time is over', async () => {
    const bypass = await open();
    await bypass.begin(ORDER);
    pass(10 * MINUTE_MS - 1);
    expect(bypass.active).toBe(true);
    pass(1);
    expect(bypass.active).toBe(false);
    expect(bypass.state.bypass).toMatchObject({ author: 'diana' });
  });

  it('of the environment ends by itself, too', async () => {
    const bypass = await open(true);
    pass(60 * MINUTE_MS - 1);
    expect(bypass.active).toBe(true);
    pass(1);
    expect(bypass.active).toBe(false);
  });

  it('lasts no longer than this process allows, whatever another one agreed to', async () => {
    await (await open()).begin({ ...ORDER, minutes: 50 });
    const strict = await open(undefined, 'http', new FileControlStore(directory), 5);
    expect(strict.active).toBe(true);
    pass(5 * MINUTE_MS);
    expect(strict.active).toBe(false);
  });

  it('is for the doors that it names, and for no tool that has none', async () => {
    await (await open()).begin(ORDER);
    expect((await open(undefined, 'kafka')).active).toBe(false);
    expect((await open(undefined, null)).active).toBe(false);
    expect((await open(true, null)).active).toBe(false);
    expect((await open(true, 'kafka')).active).toBe(true);
  });

  it('cannot be changed where the environment says what holds', async () => {
    for (const mode of [true, false]) {
      const bypass = await open(mode);
      await expect(bypass.begin(ORDER)).rejects.toBeInstanceOf(BypassChangeRefused);
      await expect(bypass.end('diana')).rejects.toBeInstanceOf(BypassChangeRefused);
      expect(bypass.active).toBe(mode);
    }
  });

  it('outlives the loss of what was agreed on, and says so again to who lost it', async () => {
    const control = new FileControlStore(directory);
    const bypass = await open(undefined, 'http', control);
    await bypass.begin(ORDER);
    await rm(join(directory, 'bypass.json'));
    vi.useRealTimers();
    await vi.waitFor(async () => {
      expect(await control.read('bypass')).toMatchObject({ revision: 1, bypass: { author: 'diana' } });
    }, 5000);
  });

  it('says whether there was something to end', async () => {
    const bypass = await open();
    expect(await bypass.end('diana')).toBe(false);
    await bypass.begin(ORDER);
    expect(await bypass.end('diana')).toBe(true);
    expect(bypass.active).toBe(false);
  });
});
