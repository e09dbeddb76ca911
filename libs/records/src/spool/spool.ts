import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { readPosition } from './position.js';
import { bytesOf, segmentPath, segmentsOf } from './segments.js';

/** A file that is full is followed by the next one, so that what is drained can be taken away. */
const SEGMENT_BYTES = 32 * 2 ** 20;

/** Transactions are personal data. */
const OWNER_ONLY = 0o600;

const SCRATCH_BYTES = 2 ** 20;

/** After a disk that failed, so long until it is tried again, ms. */
const RETRY_MS = 1000;

export interface SpoolOptions {
  readonly directory: string;
  /** What may wait for the database at most. */
  readonly maxBytes: number;
  /** Default: 32 MiB. */
  readonly segmentBytes?: number;
}

/**
 * What was answered, on its way to the database: lines in a file, written by one `write` before the answers leave. What the system
 * has taken survives the end of the process, also by kill -9; not the loss of power. One process writes a directory.
 */
export class Spool {
  private file: number;
  private number: number;
  private size = 0;
  /** Bytes that were ever handed to this spool, and those of them that the database has. */
  private total = 0;
  private done = 0;
  private failedAt = -Infinity;
  private readonly scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

  /** @throws where the directory cannot be written */
  constructor(private readonly options: SpoolOptions) {
    const left = segmentsOf(options.directory);
    this.total = waitingIn(options.directory);
    // Never behind what another process left: its last line may be torn.
    this.number = Math.max(left.at(-1)?.number ?? 0, readPosition(options.directory).number) + 1;
    this.file = openSync(segmentPath(options.directory, this.number), 'ax', OWNER_ONLY);
  }

  /** Bytes that the database has not taken yet. */
  get bytes(): number {
    return this.total - this.done;
  }

  /** Nothing more is taken: too much waits, or the disk has just failed. */
  get full(): boolean {
    return this.bytes >= this.options.maxBytes || performance.now() - this.failedAt < RETRY_MS;
  }

  /**
   * Takes whole lines, each with its line end.
   * @returns whether they are kept; false: none of them
   */
  append(lines: string): boolean {
    if (this.full) return false;
    const bytes = this.bytesOf(lines);
    try {
      if (this.size + bytes.length > (this.options.segmentBytes ?? SEGMENT_BYTES) && this.size > 0)
        this.next();
      this.write(bytes);
    } catch {
      this.failedAt = performance.now();
      return false;
    }
    this.size += bytes.length;
    this.total += bytes.length;
    return true;
  }

  /** What has been handed to it so far; `reached` tells when the database has all of that. */
  get end(): number {
    return this.total;
  }

  reached(end: number): boolean {
    return this.done >= end;
  }

  /** The database has taken so many bytes. */
  drained(bytes: number): void {
    this.done += bytes;
  }

  /** Who drains it began anew: what was done is what its position says. */
  recount(): void {
    this.done = this.total - waitingIn(this.options.directory);
  }

  /**
   * Begins a new file, so that the one before is taken away as soon as it is drained. A disk that takes no new file leaves
   * things as they are.
   */
  rotate(): void {
    if (this.size === 0) return;
    try {
      this.next();
    } catch {
      this.failedAt = performance.now();
    }
  }

  close(): void {
    closeSync(this.file);
  }

  /** The lines of a usual turn take no new memory, which would be the collector's work. */
  private bytesOf(lines: string): Buffer {
    // A UTF-16 unit takes three bytes at most.
    if (lines.length * 3 > this.scratch.length) return Buffer.from(lines);
    return this.scratch.subarray(0, this.scratch.write(lines));
  }

  private next(): void {
    const file = openSync(segmentPath(this.options.directory, this.number + 1), 'ax', OWNER_ONLY);
    closeSync(this.file);
    this.file = file;
    this.number += 1;
    this.size = 0;
  }

  private write(bytes: Buffer): void {
    const written = writeSync(this.file, bytes);
    if (written === bytes.length) return;
    // A disk that is full takes a part; a part is nothing.
    ftruncateSync(this.file, this.size);
    throw new Error('the disk has taken a part');
  }
}

/** Bytes of a spool that have not been read. */
function waitingIn(directory: string): number {
  const { number, position } = readPosition(directory);
  return segmentsOf(directory)
    .filter((segment) => segment.number >= number)
    .reduce((sum, segment) => sum + bytesOf(segment) - (segment.number === number ? position : 0), 0);
}
