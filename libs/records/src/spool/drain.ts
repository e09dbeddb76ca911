import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { readPosition, writePosition } from './position.js';
import { bytesOf, segmentsOf, type Segment } from './segments.js';

const CHUNK_BYTES = 2 * 2 ** 20;
/** Longest line that is looked for: a body limit of 100 MB, and what comes with it. */
const MOST_LINE_BYTES = 256 * 2 ** 20;

/** Lines that wait, and where they end. */
export interface Batch {
  readonly lines: readonly string[];
  /** Bytes that are done when these lines are. */
  readonly bytes: number;
}

/** Reads a spool, from where its reader stopped before. The position moves only by `done`. */
export class Drain {
  private position: number;
  private number: number;
  private open: { readonly number: number; readonly file: number } | null = null;
  private buffer = Buffer.allocUnsafe(CHUNK_BYTES);

  /**
   * @param written whether somebody still writes here: then the end of the last file is not the end
   * @param torn told of a last line that has no end: nobody was answered behind it
   */
  constructor(
    private readonly directory: string,
    private readonly written: boolean,
    private readonly torn: (bytes: number) => void,
  ) {
    ({ number: this.number, position: this.position } = readPosition(directory));
  }

  /** The next lines, at most so many; null where none wait. */
  next(most: number): Batch | null {
    for (;;) {
      const segments = segmentsOf(this.directory);
      const segment = segments.find(({ number }) => number >= this.number);
      if (segment === undefined) return null;
      if (segment.number !== this.number) {
        this.number = segment.number;
        this.position = 0;
      }
      // Asked before reading: what is read behind that is the whole file.
      const isLast = segment === segments.at(-1);
      const batch = this.read(segment, most);
      if (batch !== null) return batch;
      if (isLast && this.written) return null;
      this.leave(segment);
    }
  }

  /** The lines of a batch are kept elsewhere. */
  done({ bytes }: Batch): void {
    this.position += bytes;
    writePosition(this.directory, { number: this.number, position: this.position });
  }

  close(): void {
    if (this.open !== null) closeSync(this.open.file);
    this.open = null;
  }

  private leave(segment: Segment): void {
    const rest = bytesOf(segment) - this.position;
    if (rest > 0) this.torn(rest);
    this.close();
    rmSync(segment.path);
    this.number += 1;
    this.position = 0;
  }

  private read({ path, number }: Segment, most: number): Batch | null {
    if (this.open?.number !== number) {
      this.close();
      this.open = { number, file: openSync(path, 'r') };
    }
    for (;;) {
      const length = readSync(this.open.file, this.buffer, 0, this.buffer.length, this.position);
      const batch = wholeLines(this.buffer.subarray(0, length), most);
      if (batch !== null || length < this.buffer.length) return batch;
      if (this.buffer.length >= MOST_LINE_BYTES) throw new Error(`${path} has a line of ${length} bytes`);
      this.buffer = Buffer.allocUnsafe(this.buffer.length * 2);
    }
  }
}

function wholeLines(bytes: Buffer, most: number): Batch | null {
  const lines: string[] = [];
  let from = 0;
  while (lines.length < most) {
    const end = bytes.indexOf(0x0a, from);
    if (end === -1) break;
    lines.push(bytes.toString('utf8', from, end));
    from = end + 1;
  }
  return lines.length === 0 ? null : { lines, bytes: from };
}
