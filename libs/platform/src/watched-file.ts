import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** So often it is looked at, ms. Two looks have to find the same: what is being written is not taken for the file. */
const LOOK_EVERY_MS = 400;

/**
 * Tells when the content of a file changes, however that comes about: written, renamed over, or by a link that now leads elsewhere (as
 * Kubernetes changes a ConfigMap). It reads; the system's own notices miss some of these.
 */
export class WatchedFile {
  private readonly closing = new AbortController();
  private readonly watching: Promise<void>;
  /** What was found the last time; null: it could not be read. */
  private found: string | null;

  /**
   * @param known what it has in force: told is what is not that
   * @param changed told once of each new content; null and why, where it cannot be read any more
   */
  constructor(
    private readonly path: string,
    private known: string | null,
    private readonly changed: (text: string | null, cause: Error | null) => void,
    private readonly everyMs = LOOK_EVERY_MS,
  ) {
    this.found = known;
    this.watching = this.watch();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.watching;
  }

  private async watch(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      await sleep(this.everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await this.look();
    }
  }

  private async look(): Promise<void> {
    let text: string | null = null;
    let cause: Error | null = null;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (failure) {
      cause = failure as Error;
    }
    const settled = text === this.found;
    this.found = text;
    if (!settled || text === this.known) return;
    this.known = text;
    this.changed(text, cause);
  }
}
