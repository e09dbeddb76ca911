import { ConfigError, WatchedFile } from '@fraud/platform';

/** A file's content, with its version and its text. */
interface Versioned {
  readonly version: string;
  readonly text: string;
}

/** A file that is not in force. */
export interface RefusedFile {
  /** When it was found, RFC 3339. */
  readonly at: string;
  /** What is wrong with it. */
  readonly message: string;
}

/** Follows a file: what is valid comes into force as a whole, what is not changes nothing. */
export class FileInForce<T extends Versioned> {
  private watched: WatchedFile | null = null;
  private currentSince = new Date();
  private notInForce: RefusedFile | null = null;

  /**
   * @param current what is there at the start
   * @param parse throws where a text is not valid
   */
  constructor(
    private readonly path: string,
    private current: T,
    private readonly parse: (text: string, name: string) => T,
  ) {}

  get inForce(): T {
    return this.current;
  }

  /** Since when it has been in force in this process. */
  get since(): Date {
    return this.currentSince;
  }

  /** The file as it is now, where that is not in force; null where it is. */
  get refused(): RefusedFile | null {
    return this.notInForce;
  }

  /**
   * @param changed told of what comes into force
   * @param refused told why the file is not in force, once of each content
   */
  watch(changed: (content: T) => void, refused: (cause: Error) => void, everyMs?: number): void {
    this.watched = new WatchedFile(
      this.path,
      this.current.text,
      (text, cause) => {
        try {
          if (text === null) throw new ConfigError(`${this.path} cannot be read: ${cause?.message}`);
          this.take(this.parse(text, this.path), changed);
        } catch (failure) {
          this.notInForce = { at: new Date().toISOString(), message: (failure as Error).message };
          refused(failure as Error);
        }
      },
      everyMs,
    );
  }

  async close(): Promise<void> {
    await this.watched?.close();
  }

  private take(content: T, changed: (content: T) => void): void {
    this.notInForce = null;
    // The file is again what has been in force all the time.
    if (content.version === this.current.version) return;
    this.current = content;
    this.currentSince = new Date();
    changed(content);
  }
}
