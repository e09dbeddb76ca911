import { Presets, SingleBar } from 'cli-progress';
import { remaining, shareRead } from './remaining.js';
import { percent, whole } from './table.js';

const LINE_EVERY_MS = 5000;

/** How far a file was read and how fast; a bar on a terminal, a line every five seconds elsewhere. */
export class Progress {
  private readonly bar: SingleBar | null;
  private readonly start = performance.now();
  private lineAt = this.start + LINE_EVERY_MS;
  private rows = 0;
  private share = 0;

  /** @param limit most rows that will be read */
  constructor(
    private readonly totalBytes: number,
    private readonly limit = Infinity,
    private readonly stream: NodeJS.WriteStream = process.stderr,
  ) {
    // The bar's own estimate goes by its last few updates, and has no number while these are equal.
    const format = '{bar} {percentage} %  {rows} rows  {rate} rows/s{left}';
    this.bar = stream.isTTY ? new SingleBar({ format, stream }, Presets.shades_classic) : null;
    this.bar?.start(1, 0, { rows: '0', rate: '–', left: '' });
  }

  /** @param bytes of the file read so far */
  update(rows: number, bytes: number): void {
    this.rows += rows;
    this.share = shareRead(this.rows, this.limit, bytes, this.totalBytes);
    const now = performance.now();
    if (this.bar === null && now < this.lineAt) return;
    const rate = whole((this.rows * 1000) / Math.max(1, now - this.start));
    const left = remaining(now - this.start, this.share);
    if (this.bar !== null) {
      this.bar.update(this.share, { rows: whole(this.rows), rate, left: left === '' ? '' : `  ${left}` });
      return;
    }
    this.lineAt = now + LINE_EVERY_MS;
    const parts = [`${percent(this.share)} done`, `${whole(this.rows)} rows`, `${rate} rows/s`, left];
    this.stream.write(`${parts.filter((part) => part !== '').join(', ')}\n`);
  }

  end(): void {
    this.bar?.update(this.share, { left: '' });
    this.bar?.stop();
  }
}
