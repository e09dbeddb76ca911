import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { identify, isAlive, isSameProcess } from './process-identity.mjs';

describe('the identity of a process', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.unstubAllEnvs();
  });

  it('is its command line and its start', () => {
    const self = identify(process.pid);
    expect(self?.command).toContain('node');
    expect(self?.started).toMatch(/\d/);
  });

  it('is the same for askers in other time zones where ps tells it', () => {
    vi.stubGlobal('process', Object.create(process, { platform: { value: 'darwin' } }));
    const starts = ['Asia/Tokyo', 'America/New_York'].map((zone) => {
      vi.stubEnv('TZ', zone);
      return identify(process.pid)?.started;
    });
    expect(starts[0]).toBe(starts[1]);
  });

  it('is known at every moment at which it becomes another program', async () => {
    const child = spawn('env', [...Array.from({ length: 200 }, () => 'env'), 'sleep', '60']);
    await once(child, 'spawn');
    const seen = new Set<string | undefined>();
    let command: string | undefined;
    do {
      command = identify(Number(child.pid))?.command;
      seen.add(command);
    } while (command !== 'sleep 60' && command?.endsWith('sleep 60'));
    child.kill();
    expect(command).toBe('sleep 60');
    expect(seen.size).toBeGreaterThan(1);
  });

  it('ends with the process', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(identify(Number(child.pid))).toBeUndefined();
    expect(isAlive(Number(child.pid))).toBe(false);
  });

  const record = { words: ['redis-server', '7001'], started: '4711' };

  it.each([
    ['the same process', { command: '/usr/bin/redis-server 127.0.0.1:7001', started: '4711' }, true],
    ['another program with that pid', { command: 'nginx -p 7001', started: '4711' }, false],
    ['the same program on another port', { command: 'redis-server 127.0.0.1:7002', started: '4711' }, false],
    ['a later process with that pid', { command: 'redis-server 127.0.0.1:7001', started: '4712' }, false],
    ['no process', undefined, false],
  ])('tells %s', (_, found, same) => {
    expect(isSameProcess(found, record)).toBe(same);
  });
});
