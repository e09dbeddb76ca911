import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Drain } from './drain.js';
import { segmentsOf } from './segments.js';
import { Spool } from './spool.js';

const MANY = 2 ** 30;
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spool-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const open = (maxBytes = MANY, segmentBytes = MANY): Spool =>
  new Spool({ directory, maxBytes, segmentBytes });
const lines = (...words: string[]): string => words.map((word) => `${word}\n`).join('');

/** Everything that waits; what is read is done. */
function readAll(drain: Drain, most = 100): string[] {
  const read: string[] = [];
  for (let batch = drain.next(most); batch !== null; batch = drain.next(most)) {
    read.push(...batch.lines);
    drain.done(batch);
  }
  return read;
}

describe('the spool', () => {
  it('gives back every line once and in order, however turns, files, batches and starts fall', () => {
    const turn = fc.array(fc.stringMatching(/^[a-zé€😀"{}]{0,40}$/u), { minLength: 1, maxLength: 5 });
    const step = fc.oneof(
      fc.record({ kind: fc.constant('append' as const), turn }),
      fc.record({ kind: fc.constant('drain' as const), most: fc.integer({ min: 1, max: 7 }) }),
      fc.record({ kind: fc.constant('restart' as const), torn: fc.boolean() }),
    );
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 20, max: 200 }),
        (steps, segmentBytes) => {
          const root = directory;
          directory = mkdtempSync(join(root, 'one-'));
          let torn = 0;
          const drainOf = (): Drain => new Drain(directory, true, () => (torn += 1));
          let spool = open(MANY, segmentBytes);
          let drain = drainOf();
          let appended = 0;
          const written: string[] = [];
          const read: string[] = [];
          let tears = 0;
          for (const one of steps) {
            if (one.kind === 'append') {
              if (spool.append(lines(...one.turn))) written.push(...one.turn);
              appended += one.turn.length;
            } else if (one.kind === 'drain') {
              const batch = drain.next(one.most);
              if (batch !== null) {
                read.push(...batch.lines);
                drain.done(batch);
                spool.drained(batch.bytes);
              }
            } else {
              spool.close();
              drain.close();
              if (one.torn) {
                appendFileSync(segmentsOf(directory).at(-1)!.path, 'half a li');
                tears += 1;
              }
              spool = open(MANY, segmentBytes);
              drain = drainOf();
            }
          }
          read.push(...readAll(drain));
          expect(written).toHaveLength(appended);
          expect(read).toEqual(written);
          expect(torn).toBe(tears);
          // What is done is taken away: the file that is written is left.
          expect(segmentsOf(directory)).toHaveLength(1);
          spool.close();
          drain.close();
          directory = root;
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is full at its bound, takes nothing then, and takes again what has room', () => {
    const spool = open(20);
    expect(spool.append(lines('0123456789', '0123456789'))).toBe(true);
    expect(spool.full).toBe(true);
    expect(spool.append(lines('x'))).toBe(false);
    expect(readFileSync(segmentsOf(directory)[0]!.path, 'utf8')).toBe(lines('0123456789', '0123456789'));
    spool.drained(11);
    expect(spool.full).toBe(false);
    expect(spool.append(lines('x'))).toBe(true);
    spool.close();
  });

  it('knows after a start what an earlier process left, less what was read of it', () => {
    const before = open();
    before.append(lines('one', 'two', 'three'));
    before.close();
    const drain = new Drain(directory, false, () => undefined);
    drain.done(drain.next(1)!);
    drain.close();
    const spool = open();
    expect(spool.bytes).toBe(lines('two', 'three').length);
    spool.close();
  });

  it('keeps none of the lines that a disk does not take whole', () => {
    const spool = open();
    spool.append(lines('one'));
    // A file that is closed fails as a disk does.
    spool.close();
    expect(spool.append(lines('two'))).toBe(false);
    expect(spool.full).toBe(true);
    expect(readdirSync(directory)).toHaveLength(1);
    expect(readFileSync(segmentsOf(directory)[0]!.path, 'utf8')).toBe(lines('one'));
  });

  it('lets go of a file before it is full, where it is told to: what is drained is not on the disk any more', () => {
    const spool = open();
    const drain = new Drain(directory, true, () => undefined);
    spool.rotate();
    expect(segmentsOf(directory)).toHaveLength(1);
    spool.append(lines('one', 'two'));
    expect(readAll(drain)).toEqual(['one', 'two']);
    spool.rotate();
    expect(readAll(drain)).toEqual([]);
    expect(segmentsOf(directory).map((segment) => readFileSync(segment.path, 'utf8'))).toEqual(['']);
    spool.append(lines('three'));
    expect(readAll(drain)).toEqual(['three']);
    spool.close();
  });

  it('left by another process is read to its end and taken away', () => {
    const spool = open(MANY, 10);
    spool.append(lines('first'));
    spool.append(lines('second'));
    spool.close();
    const drain = new Drain(directory, false, () => undefined);
    expect(readAll(drain, 1)).toEqual(['first', 'second']);
    expect(segmentsOf(directory)).toEqual([]);
    // And who writes there next is read from where that one ended.
    const next = open();
    next.append(lines('third'));
    expect(readAll(new Drain(directory, true, () => undefined))).toEqual(['third']);
    next.close();
  });
});
