import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockDirectory, holderOf, type DirectoryLock } from './lock.js';
import { takeOrphans, takeSlot, type Slot } from './spool/slots.js';
import { Spool } from './spool/spool.js';
import type { RecordsStore, Written } from './store.js';
import type { DatabaseAddress, Report, ThreadOptions } from './thread/protocol.js';
import { RemoteCalls } from './thread/remote-store.js';
import { startThread, type Start, type Thread } from './thread/start.js';

const CLOSE_WITHIN_MS = 1000;
const RESTART_AFTER_MS = 1000;
const LOOK_EVERY_MS = 20;
/** What the database has taken stays in the spool for so long at most: what is erased there is to be gone here, too. */
const ROTATE_EVERY_MS = 600_000;

export interface RecordsOptions {
  /** Holds spool and, where there is no Postgres, the embedded database. */
  readonly directory: string;
  /** A Postgres; undefined: the embedded one. */
  readonly databaseUrl: string | undefined;
  /** Null: nothing is dropped, by who only reads. */
  readonly retentionDays: number | null;
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
  private readonly calls = new RemoteCalls((request) => {
    this.thread.post(request);
  });
  private readonly ended = Promise.withResolvers<void>();
  private thread: Thread;
  private restart: NodeJS.Timeout | undefined;
  private readonly rotating = setInterval(() => {
    this.rotate();
  }, ROTATE_EVERY_MS).unref();
  private closing = false;
  private up = false;

  private constructor(
    private readonly spool: Spool,
    private readonly locks: readonly DirectoryLock[],
    private readonly another: () => Thread,
    private readonly observer: RecordsObserver,
    private readonly options: RecordsOptions,
  ) {
    this.thread = this.started();
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
    const threadOptions: ThreadOptions = {
      database,
      retentionDays,
      spools: [
        { directory: own.directory, written: true },
        ...orphans.map(({ directory: left }) => ({ directory: left, written: false })),
      ],
      aside: join(directory, 'spool-aside'),
    };
    return new Records(spool, locks, () => start(threadOptions), observer, options);
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
    return this.spool.append(lines);
  }

  /** Resolves when everything that is appended by now, or was left here before, is in the database; or so long has passed. */
  async caughtUp(withinMs: number): Promise<boolean> {
    const until = performance.now() + withinMs;
    const { end } = this.spool;
    while (!this.spool.reached(end)) {
      if (performance.now() > until) return false;
      await sleep(LOOK_EVERY_MS);
    }
    return true;
  }

  /** Lets go of what the database has taken, as soon as it has taken the rest of the file. */
  rotate(): void {
    this.spool.rotate();
  }

  /** Brings what is left to the database, for a second at most; the rest stays in the spool for the next start. */
  async close(): Promise<void> {
    this.closing = true;
    clearInterval(this.rotating);
    if (this.restart === undefined) this.thread.post({ kind: 'close', withinMs: CLOSE_WITHIN_MS });
    else {
      clearTimeout(this.restart);
      this.ended.resolve();
    }
    await this.ended.promise;
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
        if (report.own) this.spool.drained(report.bytes);
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

  private started(): Thread {
    const thread = this.another();
    thread.listen(
      (report) => {
        if (report.kind === 'closed') this.ended.resolve();
        else this.hear(report);
      },
      () => {
        this.died();
      },
    );
    return thread;
  }

  /** What is in the spool is safe meanwhile; another thread goes on where this one was. */
  private died(): void {
    this.calls.end();
    this.up = false;
    if (this.closing) {
      this.ended.resolve();
      return;
    }
    this.observer.database(false, 'the thread of the records has ended; it is started again');
    this.restart = setTimeout(() => {
      this.restart = undefined;
      this.spool.recount();
      this.thread = this.started();
    }, RESTART_AFTER_MS).unref();
  }
}

function locked(directory: string): RecordsLocked {
  const holder = holderOf(directory);
  return new RecordsLocked(
    `the records in ${directory} are open in another process${holder === null ? '' : ` (${holder})`}: ` +
      'stop it, set DATABASE_URL so that several can share records, or give this one a DATA_DIR of its own',
  );
}
