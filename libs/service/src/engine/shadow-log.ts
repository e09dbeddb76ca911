import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ShadowComparison } from '@fraud/scoring';

const FLUSH_EVERY_MS = 500;
/** What waits for the disk at most; more is left out, and reported. */
const MOST_WAITING_BYTES = 4 * 2 ** 20;
/** A file that is full becomes the one before, of which there is one: about 250,000 comparisons each. */
const FULL_BYTES = 64 * 2 ** 20;

/**
 * Writes down what a shadow would have decided, one JSON object a line: `{DATA_DIR}/shadow/{version}.ndjson`. Nobody waits for it. The
 * instances of one machine may share a directory: each line is written whole.
 */
export class ShadowLog {
  private readonly waiting = new Map<string, { lines: string; rows: number }>();
  private bytes = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  /**
   * @param directory made with the first line
   * @param lost told how many comparisons could not be written down
   */
  constructor(
    private readonly directory: string,
    private readonly lost: (rows: number, cause: unknown) => void,
    private readonly fullBytes = FULL_BYTES,
  ) {}

  add(comparison: ShadowComparison): void {
    const line = `${JSON.stringify(lineOf(comparison))}\n`;
    if (this.bytes + line.length > MOST_WAITING_BYTES) {
      this.lost(1, new Error('the disk is too slow'));
      return;
    }
    this.bytes += line.length;
    const file = this.waiting.get(comparison.shadowVersion) ?? { lines: '', rows: 0 };
    this.waiting.set(comparison.shadowVersion, file);
    file.lines += line;
    file.rows += 1;
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_EVERY_MS).unref();
  }

  /** Writes what waits; resolves when everything that came before is on its way to the disk. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const files = [...this.waiting];
    this.waiting.clear();
    this.bytes = 0;
    this.writing = this.writeAll(this.writing, files);
    return this.writing;
  }

  private async writeAll(
    before: Promise<void>,
    files: readonly (readonly [version: string, { lines: string; rows: number }])[],
  ): Promise<void> {
    await before;
    for (const [version, { lines, rows }] of files) {
      try {
        await this.write(version, lines);
      } catch (cause) {
        this.lost(rows, cause);
      }
    }
  }

  private async write(version: string, lines: string): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const path = join(this.directory, `${version}.ndjson`);
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    if (size + lines.length > this.fullBytes && size > 0)
      await rename(path, join(this.directory, `${version}.before.ndjson`));
    await appendFile(path, lines);
  }
}

const lineOf = (c: ShadowComparison): object => ({
  transaction_id: c.transactionId,
  decided_at: c.decidedAt,
  model: c.version,
  decision: c.answered,
  score: c.score,
  shadow_model: c.shadowVersion,
  shadow_decision: c.shadow,
  shadow_score: c.shadowScore,
});
