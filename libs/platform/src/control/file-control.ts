import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ControlUnavailable,
  sumOf,
  toDocument,
  type ControlDocument,
  type ControlStore,
  type CountSpan,
} from './control-store.js';

type Counters = Readonly<Record<string, number>>;

/**
 * Documents as files of a directory, for one instance, or for several on one machine whose changes do not cross. It survives
 * a restart; counters do not.
 */
export class FileControlStore implements ControlStore {
  readonly kind = 'file';
  /** By name; what lies further back than anybody has asked for is forgotten. */
  private readonly counters = new Map<string, { longest: number; byPeriod: Map<number, Counters> }>();

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
    { at, periods }: CountSpan,
    add: Readonly<Record<string, number>>,
  ): Promise<Record<string, number>> {
    const counters = this.counters.get(name) ?? { longest: 0, byPeriod: new Map<number, Counters>() };
    this.counters.set(name, counters);
    const { byPeriod } = counters;
    counters.longest = Math.max(counters.longest, periods);
    if (Object.keys(add).length > 0) byPeriod.set(at, sumOf([byPeriod.get(at) ?? {}, add]));
    const newest = Math.max(at, ...byPeriod.keys());
    for (const old of byPeriod.keys()) if (old <= newest - counters.longest) byPeriod.delete(old);
    const within = [...byPeriod].filter(([period]) => period > at - periods && period <= at);
    return Promise.resolve(sumOf(within.map(([, counted]) => counted)));
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
