import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { lockDirectory, holderOf, type DirectoryLock } from './lock.js';
import { takeOrphans, takeSlot, type Slot } from './spool/slots.js';
import { Spool } from './spool/spool.js';
import type { RecordsStore, Written } from './store.js';
import type { DatabaseAddress, Report } from './thread/protocol.js';
import { RemoteCalls } from './thread/remote-store.js';
import { startThread, type Start, type Thread } from './thread/start.js';

const CLOSE_WITHIN_MS = 1000;

export interface RecordsOptions {
  /** Holds spool and, where there is no Postgres, the embedded database. */
  readonly directory: string;
  /** A Postgres; undefined: the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly retentionDays: number;
  /** What may wait for the database at most. */
  readonly spoolBytes: number;
}

/** Told what becomes of records. */
export interface RecordsObserver {
  /** The database has taken lines of the spool. */
  written(written: Written, seconds: number): void;
  /** Lines were put aside. */
  aside(lines: number, reason: string): void;
  /** The database is away, or back. */
  database(up: boolean, message: string): void;
}

/** The embedded database is open in another process. */
export class RecordsLocked extends Error {
  override readonly name = 'RecordsLocked';
  readonly code = 'records_locked';
}

/**
 * The records of this process: what is appended survives its end by kill -9, and is brought to the database by a thread of its own.
 */
export class Records {
  /** Names this process in what it records. */
  readonly instance = randomUUID().slice(0, 8);
  private readonly calls: RemoteCalls;
  private readonly ended: Promise<void>;
  private up = false;
  private sent = 0;
  private arrived = 0;

  private constructor(
    private readonly spool: Spool,
    private readonly locks: readonly DirectoryLock[],
    private readonly thread: Thread,
    private readonly observer: RecordsObserver,
    private readonly options: RecordsOptions,
  ) {
    this.calls = new RemoteCalls((request) => {
      thread.post(request);
    });
    this.ended = new Promise((resolve) => {
      thread.listen((report) => {
        if (report.kind === 'closed') resolve();
        else this.hear(report);
      }, resolve);
    });
  }

  /**
   * Takes a place in the spool, and starts the thread; the database opens behind that.
   * @throws RecordsLocked
   */
  static open(options: RecordsOptions, observer: RecordsObserver, start: Start = startThread): Records {
    const { directory, databaseUrl, retentionDays, spoolBytes } = options;
    const locks: DirectoryLock[] = [];
    let database: DatabaseAddress;
    if (databaseUrl === undefined) {
      const embedded = join(directory, 'records');
      const lock = lockDirectory(embedded);
      if (lock === null) throw locked(embedded);
      locks.push(lock);
      database = { directory: join(embedded, 'database') };
    } else database = { url: databaseUrl };
    const root = join(directory, 'spool');
    const own = takeSlot(root);
    const orphans: Slot[] = takeOrphans(root);
    locks.push(own.lock, ...orphans.map(({ lock }) => lock));
    const spool = new Spool({ directory: own.directory, maxBytes: spoolBytes });
    const thread = start({
      database,
      retentionDays,
      spools: [
        { directory: own.directory, written: true },
        ...orphans.map(({ directory: left }) => ({ directory: left, written: false })),
      ],
      aside: join(directory, 'spool-aside'),
    });
    return new Records(spool, locks, thread, observer, options);
  }

  /** What is asked of the database. */
  get store(): RecordsStore {
    return this.calls.store;
  }

  /** Nothing more is taken: too much waits for the database, or the disk has failed. */
  get full(): boolean {
    return this.spool.full;
  }

  /** Bytes that the database has not taken yet. */
  get waitingBytes(): number {
    return this.spool.bytes;
  }

  /** What may wait at most. */
  get limitBytes(): number {
    return this.options.spoolBytes;
  }

  /** For people. */
  get kind(): 'postgres' | 'embedded' {
    return this.options.databaseUrl === undefined ? 'embedded' : 'postgres';
  }

  get databaseUp(): boolean {
    return this.up;
  }

  /**
   * Keeps whole lines, by one write.
   * @returns whether they are kept; false: none of them
   */
  append(lines: string): boolean {
    const before = this.spool.bytes;
    const kept = this.spool.append(lines);
    this.sent += this.spool.bytes - before;
    return kept;
  }

  /** Resolves when everything that is appended by now is in the database, or so long has passed. */
  async caughtUp(withinMs: number): Promise<boolean> {
    const until = performance.now() + withinMs;
    const sent = this.sent;
    while (this.arrived < sent) {
      if (performance.now() > until) return false;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return true;
  }

  /** Resolves when nothing waits any more, also of what earlier processes left here, or so long has passed. */
  async drained(withinMs: number): Promise<boolean> {
    const until = performance.now() + withinMs;
    while (this.spool.bytes > 0) {
      if (performance.now() > until) return false;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return true;
  }

  /** Brings what is left to the database, for a second at most; the rest stays in the spool for the next start. */
  async close(): Promise<void> {
    this.thread.post({ kind: 'close', withinMs: CLOSE_WITHIN_MS });
    await this.ended;
    this.calls.end();
    await this.thread.end();
    this.spool.close();
    for (const lock of this.locks) lock.release();
  }

  private hear(report: Exclude<Report, { kind: 'closed' }>): void {
    switch (report.kind) {
      case 'result':
      case 'failure':
        this.calls.answered(report);
        break;
      case 'drained':
        if (report.own) this.arrive(report.bytes);
        this.observer.written(report.written, report.seconds);
        break;
      case 'aside':
        this.observer.aside(report.lines, report.reason);
        break;
      case 'database':
        this.up = report.up;
        this.observer.database(report.up, report.message);
    }
  }

  private arrive(bytes: number): void {
    // What an earlier process left comes first.
    const left = this.spool.bytes - (this.sent - this.arrived);
    this.spool.drained(bytes);
    this.arrived += Math.max(0, bytes - left);
  }
}

function locked(directory: string): RecordsLocked {
  const holder = holderOf(directory);
  return new RecordsLocked(
    `the records in ${directory} are open in another process${holder === null ? '' : ` (${holder})`}: ` +
      'stop it, set DATABASE_URL so that several can share records, or give this one a DATA_DIR of its own',
  );
}
