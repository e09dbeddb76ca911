import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const DIST = path.resolve(import.meta.dirname, '../../dist');

/** What a process found when it opened the records. */
export interface Found {
  /** Batches with all their decisions. */
  readonly whole: readonly string[];
  /** Batches with some of them. */
  readonly torn: number;
  /** Whole batches with their label. */
  readonly labelled: number;
}

/** A process that writes batch after batch. */
export class RecordsWriter {
  readonly taken: string[] = [];
  found: Found | null = null;
  ended = false;
  private errors = '';
  private readonly closed: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line === 'end') this.ended = true;
      else if (this.found === null) this.found = JSON.parse(line) as Found;
      else this.taken.push(line);
    });
    child.stderr!.on('data', (chunk: Buffer) => {
      this.errors += chunk.toString();
    });
    this.closed = once(child, 'close');
  }

  /** @param database postgres://… or a directory */
  static start(database: string, batches?: number): RecordsWriter {
    const script = path.join(import.meta.dirname, 'records-writer.mjs');
    const more = batches === undefined ? [] : [String(batches)];
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    return new RecordsWriter(
      spawn(process.execPath, [script, DIST, database, ...more], { stdio: [...stdio] }),
    );
  }

  /** Waits until it has opened the records. @throws what it says where it cannot */
  async opened(): Promise<Found> {
    while (this.found === null) {
      if (this.child.exitCode !== null) throw new Error(this.errors);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return this.found;
  }

  /** Waits until it says that so many batches were taken. @throws what it says where it ends before */
  async wrote(batches: number): Promise<void> {
    await this.opened();
    while (this.taken.length < batches) {
      if (this.child.exitCode !== null) throw new Error(this.errors);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Ends it at once; resolves with the batches that were taken. */
  async kill(): Promise<readonly string[]> {
    this.child.kill('SIGKILL');
    await this.closed;
    return this.taken;
  }

  /** Waits for its end. @throws what it says where that is an error */
  async end(): Promise<readonly string[]> {
    await this.closed;
    if (!this.ended) throw new Error(this.errors);
    return this.taken;
  }
}
