import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ControlUnavailable,
  sumOf,
  toDocument,
  type ControlDocument,
  type ControlStore,
} from './control-store.js';

/**
 * Documents as files of a directory, for one instance, or for several on one machine whose changes do not cross. It survives
 * a restart; counters do not.
 */
export class FileControlStore implements ControlStore {
  readonly kind = 'file';
  private readonly counters = new Map<string, Map<number, Record<string, number>>>();

  /** @param directory made with the first change */
  constructor(private readonly directory: string) {}

  async read(name: string): Promise<ControlDocument | null> {
    try {
      return toDocument(await readFile(this.path(name), 'utf8'));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw unavailable(cause);
    }
  }

  async replace(name: string, expected: number, document: ControlDocument): Promise<boolean> {
    if (((await this.read(name))?.revision ?? 0) !== expected) return false;
    const path = this.path(name);
    const written = `${path}.${process.pid}`;
    try {
      await mkdir(this.directory, { recursive: true });
      await writeFile(written, `${JSON.stringify(document, null, 2)}\n`);
      await rename(written, path);
    } catch (cause) {
      throw unavailable(cause);
    }
    return true;
  }

  count(
    name: string,
    minute: number,
    minutes: number,
    add: Readonly<Record<string, number>>,
  ): Promise<Record<string, number>> {
    const periods = this.counters.get(name) ?? new Map<number, Record<string, number>>();
    this.counters.set(name, periods);
    for (const old of periods.keys()) if (old <= minute - minutes) periods.delete(old);
    const now = periods.get(minute) ?? {};
    periods.set(minute, now);
    for (const [field, n] of Object.entries(add)) now[field] = (now[field] ?? 0) + n;
    return Promise.resolve(sumOf([...periods.values()]));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private path(name: string): string {
    return join(this.directory, `${name}.json`);
  }
}

function unavailable(cause: unknown): ControlUnavailable {
  return new ControlUnavailable(cause instanceof Error ? cause.message : String(cause), { cause });
}
