import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Unhurried } from './unhurried.js';

describe('a log that nobody reads', () => {
  it('keeps what fits, drops the rest, and says how much that was when it is read again', () => {
    const stream = new PassThrough({ highWaterMark: 1 });
    const log = new Unhurried(stream, 50_000);
    const line = `${JSON.stringify({ message: 'x'.repeat(980) })}\n`;
    for (let i = 0; i < 1000; i++) log.write(line);
    const kept = (stream.read() as Buffer | null)?.toString() ?? '';
    let read = kept;
    for (let more; (more = stream.read() as Buffer | null) !== null;) read += more.toString();
    const before = read.trimEnd().split('\n').length;
    expect(before).toBeLessThan(120);
    log.write(line);
    const [told, last] = (stream.read() as Buffer).toString().trimEnd().split('\n');
    expect(JSON.parse(told!)).toMatchObject({
      level: 'warn',
      message: `${1000 - before} log lines were dropped: nobody read them`,
    });
    expect(last ?? String(stream.read())).toContain('xxx');
  });

  it('goes on when its reader is gone', () => {
    const stream = new PassThrough();
    const log = new Unhurried(stream);
    stream.destroy(new Error('EPIPE'));
    expect(() => {
      log.write('line\n');
    }).not.toThrow();
  });
});
