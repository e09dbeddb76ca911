import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Drain, type Batch } from '../spool/drain.js';
import { NOTHING_WRITTEN, type RecordsStore, type Written } from '../store.js';
import type { Report, ThreadOptions } from './protocol.js';

/** Lines that go to the database together. */
const BATCH_LINES = 500;
/** So long lines gather before they are looked for again: fewer, larger batches are cheaper. */
const GATHER_MS = 100;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;
/** After so many failures in a row the embedded database is opened anew: it has no server that would come back. */
const MOST_FAILURES = 8;

export interface Drained {
  readonly closing: AbortSignal;
  readonly closeWithinMs: () => number;
  readonly report: (report: Report) => void;
}

/** Brings the lines of all spools to the database, until it is to end and nothing is left, or no time is. */
export async function drainAll(store: RecordsStore, options: ThreadOptions, to: Drained): Promise<void> {
  const spools = options.spools.map(({ directory, written }) => ({
    written,
    drain: new Drain(directory, written, (bytes) => {
      const reason = `${bytes} bytes of a line without an end: nobody was answered`;
      to.report({ kind: 'aside', lines: 0, reason });
      to.report({ kind: 'drained', bytes, own: written, written: NOTHING_WRITTEN, seconds: 0 });
    }),
  }));
  let pause = FIRST_PAUSE_MS;
  let up = true;
  let failures = 0;
  let givenUpAt = Infinity;
  for (;;) {
    if (to.closing.aborted && givenUpAt === Infinity) givenUpAt = performance.now() + to.closeWithinMs();
    if (performance.now() >= givenUpAt) break;
    let most = 0;
    try {
      for (const { drain, written } of spools) {
        const batch = drain.next(BATCH_LINES);
        if (batch === null) continue;
        await take(batch, drain, written, store, options.aside, to.report);
        most = Math.max(most, batch.lines.length);
      }
      if (!up) to.report({ kind: 'database', up: true, message: '' });
      up = true;
      failures = 0;
      pause = FIRST_PAUSE_MS;
    } catch (cause) {
      if (up)
        to.report({
          kind: 'database',
          up: false,
          message: cause instanceof Error ? cause.message : String(cause),
        });
      up = false;
      failures += 1;
      if (failures >= MOST_FAILURES && 'directory' in options.database) throw cause;
      await rest(pause, to.closing.aborted ? undefined : to.closing);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
      continue;
    }
    if (most === 0 && to.closing.aborted) break;
    if (most < BATCH_LINES) await rest(GATHER_MS, to.closing);
  }
  for (const { drain } of spools) drain.close();
}

async function take(
  batch: Batch,
  drain: Drain,
  own: boolean,
  store: RecordsStore,
  aside: string,
  report: (report: Report) => void,
): Promise<void> {
  const startedAt = performance.now();
  const written = await writeAround(batch.lines, store);
  if (written.unreadable.length > 0) {
    mkdirSync(aside, { recursive: true, mode: 0o700 });
    appendFileSync(join(aside, 'lines.ndjson'), `${written.unreadable.join('\n')}\n`, { mode: 0o600 });
    report({ kind: 'aside', lines: written.unreadable.length, reason: `no database takes them: ${aside}` });
  }
  drain.done(batch);
  const seconds = (performance.now() - startedAt) / 1000;
  report({ kind: 'drained', bytes: batch.bytes, own, written: { ...written, unreadable: [] }, seconds });
}

/** Writes lines; one that the database refuses for what is in it does not hold up the others. */
async function writeAround(lines: readonly string[], store: RecordsStore): Promise<Written> {
  try {
    return await store.write(lines);
  } catch (cause) {
    if (!isOfTheData(cause)) throw cause;
    if (lines.length === 1) return { ...NOTHING_WRITTEN, unreadable: lines };
    const middle = lines.length >> 1;
    return sum(
      await writeAround(lines.slice(0, middle), store),
      await writeAround(lines.slice(middle), store),
    );
  }
}

/** Classes 22 and 23 of SQLSTATE: data exception, integrity constraint violation. */
const isOfTheData = (cause: unknown): boolean => /^2[23]/.test(String((cause as { code?: unknown }).code));

const sum = (a: Written, b: Written): Written => ({
  decisions: a.decisions + b.decisions,
  duplicates: a.duplicates + b.duplicates,
  conflicts: a.conflicts + b.conflicts,
  labels: a.labels + b.labels,
  labelled: [...a.labelled, ...b.labelled],
  unreadable: [...a.unreadable, ...b.unreadable],
});

/** A pause that a close cuts short. */
async function rest(ms: number, closing?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, closing === undefined ? {} : { signal: closing }).catch(() => undefined);
}
