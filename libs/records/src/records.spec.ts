import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Drain } from './spool/drain.js';
import { Records, RecordsLocked, type RecordsObserver } from './records.js';
import { RecordsUnavailable } from './store.js';
import type { Report, Request, ThreadOptions } from './thread/protocol.js';
import type { Start } from './thread/start.js';

const NOTHING = { decisions: 0, duplicates: 0, conflicts: 0, labels: 0, labelled: [], unreadable: [] };

/** A thread that drains the real spool when it is told to, and dies when it is told to. */
class FakeThread {
  readonly requests: Request[] = [];
  diesAtClose = false;
  private readonly drain: Drain;
  private hear: (report: Report) => void = () => undefined;
  private died: () => void = () => undefined;

  constructor({ spools }: ThreadOptions) {
    this.drain = new Drain(spools[0]!.directory, true, () => undefined);
  }

  readonly thread = {
    post: (request: Request) => {
      this.requests.push(request);
      if (request.kind !== 'close') return;
      queueMicrotask(() => {
        if (this.diesAtClose) this.died();
        else this.hear({ kind: 'closed' });
      });
    },
    listen: (hear: (report: Report) => void, died: () => void) => {
      this.hear = hear;
      this.died = died;
    },
    end: () => Promise.resolve(),
  };

  /** @param told whether it lives long enough to tell */
  take(most: number, told = true): readonly string[] {
    const batch = this.drain.next(most);
    if (batch === null) return [];
    this.drain.done(batch);
    if (told) this.hear({ kind: 'drained', bytes: batch.bytes, own: true, written: NOTHING, seconds: 0 });
    return batch.lines;
  }

  die(): void {
    this.drain.close();
    this.died();
  }
}

let directory: string;
let threads: FakeThread[];
let records: Records | undefined;
const states: string[] = [];
const observer: RecordsObserver = {
  written: () => undefined,
  aside: () => undefined,
  database: (_, message) => states.push(message),
};
const start: Start = (options) => {
  const fake = new FakeThread(options);
  threads.push(fake);
  return fake.thread;
};
const open = (): Records => {
  const options = { directory, databaseUrl: undefined, retentionDays: null, spoolBytes: 1000 };
  return (records = Records.open(options, observer, start));
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'records-'));
  threads = [];
  states.length = 0;
});
afterEach(async () => {
  await records?.close();
  records = undefined;
  rmSync(directory, { recursive: true });
});

describe('the records of a process', () => {
  it('go on with another thread where the first one ended, and know what that one had done', async () => {
    const opened = open();
    opened.append('one\n');
    opened.append('two\n');
    opened.append('three\n');
    expect(threads[0]!.take(1)).toEqual(['one']);
    // Taken by the database, but nobody was told.
    expect(threads[0]!.take(1, false)).toEqual(['two']);
    const asked = opened.store.get('1');
    threads[0]!.die();
    await expect(asked).rejects.toThrow(RecordsUnavailable);
    expect(states).toEqual(['the thread of the records has ended; it is started again']);
    expect(opened.databaseUp).toBe(false);
    expect(opened.append('four\n')).toBe(true);
    while (threads.length < 2) await sleep(20);
    expect(opened.waitingBytes).toBe('three\nfour\n'.length);
    expect(threads[1]!.take(10)).toEqual(['three', 'four']);
    expect(opened.waitingBytes).toBe(0);
    expect(await opened.caughtUp(0)).toBe(true);
  });

  it('close while no thread runs', async () => {
    const opened = open();
    threads[0]!.die();
    await opened.close();
    records = undefined;
    await sleep(1100);
    expect(threads).toHaveLength(1);
  });

  it('close although the thread dies over it', async () => {
    const opened = open();
    threads[0]!.diesAtClose = true;
    await opened.close();
    records = undefined;
    expect(threads).toHaveLength(1);
  });

  it('have caught up when everything that was appended by then is taken, whatever comes behind it', async () => {
    const opened = open();
    opened.append('one\n');
    const caughtUp = opened.caughtUp(60_000);
    opened.append('two\n');
    expect(await opened.caughtUp(0)).toBe(false);
    threads[0]!.take(1);
    expect(await caughtUp).toBe(true);
    expect(await opened.caughtUp(0)).toBe(false);
  });

  it('that are embedded are open once', () => {
    open();
    expect(() =>
      Records.open(
        { directory, databaseUrl: undefined, retentionDays: null, spoolBytes: 1 },
        observer,
        start,
      ),
    ).toThrow(RecordsLocked);
  });
});
