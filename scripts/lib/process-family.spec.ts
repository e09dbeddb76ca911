import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { freeze, thaw } from './process-family.mjs';

/** Says its pid over and over, and has a child in a session of its own that does the same, down to a depth. */
const PROGRAM = `
  const [depth, program] = process.argv.slice(1);
  if (depth > 1)
    require('node:child_process').spawn(process.execPath, ['-e', program, depth - 1, program],
      { stdio: 'inherit', detached: true });
  setInterval(() => console.log(process.pid), 5);`;
const DEPTH = 3;

describe('a process and what it has started', () => {
  let leader: ChildProcess;
  let pid: number;
  /** @returns the pids that speak: added to as they do */
  const start = (args: readonly string[]): Set<number> => {
    leader = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    pid = Number(leader.pid);
    const speaking = new Set<number>();
    createInterface(leader.stdout!).on('line', (line) => speaking.add(Number(line)));
    return speaking;
  };
  afterEach(() => {
    vi.unstubAllGlobals();
    for (const one of freeze(pid).reverse()) process.kill(one, 'SIGKILL');
  });

  it.each([process.platform, 'darwin'])('stand still as one, and go on as one (%s)', async (platform) => {
    vi.stubGlobal('process', Object.create(process, { platform: { value: platform } }));
    const speaking = start(['-e', PROGRAM, String(DEPTH), PROGRAM]);
    const everyoneSpeaks = async (): Promise<Set<number>> => {
      while (speaking.size < DEPTH) await sleep(5);
      return new Set(speaking);
    };
    const everyone = await everyoneSpeaks();
    for (let n = 0; n < 3; n++) {
      const frozen = freeze(pid);
      expect(frozen[0]).toBe(pid);
      expect(new Set(frozen)).toEqual(everyone);
      expect(freeze(pid)).toEqual(frozen);
      // What they said before is on its way.
      await sleep(100);
      speaking.clear();
      await sleep(100);
      expect(speaking.size).toBe(0);
      thaw(pid);
      expect(await everyoneSpeaks()).toEqual(everyone);
    }
  });

  it('are nobody once it has ended', async () => {
    start(['-e', '']);
    await once(leader, 'exit');
    expect(freeze(pid)).toEqual([]);
    thaw(pid);
  });
});
