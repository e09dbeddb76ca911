import { Presets, SingleBar } from 'cli-progress';
import { percent, whole } from './table.js';

const LINE_EVERY_MS = 5000;

/** How far a file was read and how fast; a bar on a terminal, a line every five seconds elsewhere. */
export class Progress {
  private readonly bar: SingleBar | null;
  private readonly start = performance.now();
  private lineAt = this.start + LINE_EVERY_MS;
  private rows = 0;

  constructor(
    private readonly totalBytes: number,
    private readonly stream: NodeJS.WriteStream = process.stderr,
  ) {
    const format = '{bar} {percentage} %  {rows} rows  {rate} rows/s  {eta_formatted} left';
    this.bar = stream.isTTY
      ? new SingleBar({ format, stream, etaBuffer: 100 }, Presets.shades_classic)
      : null;
    this.bar?.start(Math.max(1, totalBytes), 0, { rows: '0', rate: '–' });
  }

  /** @param bytes of the file read so far */
  update(rows: number, bytes: number): void {
    this.rows += rows;
    const now = performance.now();
    if (this.bar !== null) {
      this.bar.update(Math.min(bytes, this.totalBytes), { rows: whole(this.rows), rate: this.rate(now) });
    } else if (now >= this.lineAt) {
      this.lineAt = now + LINE_EVERY_MS;
      const share = percent(this.totalBytes === 0 ? 1 : bytes / this.totalBytes);
      this.stream.write(`${share} of the file, ${whole(this.rows)} rows, ${this.rate(now)} rows/s\n`);
    }
  }

  end(): void {
    this.bar?.stop();
  }

  private rate(now: number): string {
    return whole((this.rows * 1000) / Math.max(1, now - this.start));
  }
}
