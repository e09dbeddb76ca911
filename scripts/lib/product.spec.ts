import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { exitCode, supervise } from './product.mjs';

describe('the end of the product process', () => {
  it.each([
    ['its own code', { code: 7, signal: null }, 7],
    ['0 for the signal it was asked to end by', { code: null, signal: 'SIGINT', asked: 'SIGINT' }, 0],
    ['an error for a signal nobody sent', { code: null, signal: 'SIGSEGV' }, 139],
    [
      'an error when it had to be killed',
      { code: null, signal: 'SIGKILL', asked: 'SIGTERM', killed: true },
      137,
    ],
  ] as const)('gives %s', (_, ending, expected) => {
    expect(exitCode(ending)).toBe(expected);
  });

  it('passes a signal on once, however often it comes', async () => {
    const script = `let n = 0;
      process.on('SIGTERM', () => { n += 1; setTimeout(() => process.exit(n === 1 ? 0 : 1), 150); });
      setInterval(() => {}, 1000); console.log('up');`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = supervise(child, 'node');
    await once(child.stdout, 'data');
    process.emit('SIGTERM', 'SIGTERM');
    process.emit('SIGTERM', 'SIGTERM');
    expect(await ended).toBe(0);
  });
});
