import { hash, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, ModelRefused } from '../../model-refused.js';
import { MANIFEST_FILE } from '../../verify/open-verified.js';

/** Names what version of a folder was fetched last. */
const CURRENT = 'current';
const UNFINISHED = '.unfinished-';
const STALE_MS = 3_600_000;

/**
 * Copies of models on disk: `<registry>/<version>/<digest of the manifest>/`, and beside these `current`, which names
 * the one that S3 had last. Processes share the cache: a file appears whole, by a rename, and is only ever replaced by the
 * same content, and the manifest comes last.
 */
export class ModelCache {
  private readonly root: string;

  /** @param registry what tells one registry from another */
  constructor(
    private readonly directory: string,
    registry: string,
  ) {
    this.root = join(directory, registry);
  }

  /** The copy that S3 had last. */
  async current(version: string): Promise<string | undefined> {
    try {
      const digest = (await readFile(join(this.root, version, CURRENT), 'utf8')).trim();
      return /^[0-9a-f]{64}$/.test(digest) ? join(this.root, version, digest) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Where the copy that belongs to a manifest is, or would be. */
  place(version: string, manifest: Buffer): string {
    return join(this.root, version, hash('sha256', manifest, 'hex'));
  }

  /**
   * Keeps a model: its manifest, and what `fill` writes beside it.
   * @throws ModelRefused cache_unwritable; what `fill` throws
   */
  async keep(version: string, manifest: Buffer, fill: (directory: string) => Promise<void>): Promise<void> {
    const parent = join(this.root, version);
    const place = this.place(version, manifest);
    const fresh = await this.writing(async () => {
      await mkdir(parent, { recursive: true });
      await removeStale(parent);
      return mkdtemp(join(parent, UNFINISHED));
    });
    try {
      await fill(fresh);
      await this.writing(async () => {
        await mkdir(place, { recursive: true });
        for (const name of await readdir(fresh)) await rename(join(fresh, name), join(place, name));
        await writeFile(join(fresh, MANIFEST_FILE), manifest);
        await rename(join(fresh, MANIFEST_FILE), join(place, MANIFEST_FILE));
      });
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  }

  /** Notes that a copy is what S3 has now. @throws ModelRefused cache_unwritable */
  async setCurrent(version: string, manifest: Buffer): Promise<void> {
    const parent = join(this.root, version);
    const file = join(parent, CURRENT);
    const digest = hash('sha256', manifest, 'hex');
    await this.writing(async () => {
      if ((await readFile(file, 'utf8').catch(() => '')).trim() === digest) return;
      const fresh = join(parent, UNFINISHED + randomUUID());
      await writeFile(fresh, `${digest}\n`);
      await rename(fresh, file);
    });
  }

  /** Runs what writes to the cache. */
  async writing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new ModelRefused('cache_unwritable', `MODEL_CACHE_DIR ${this.directory}: ${messageOf(cause)}`, {
        cause,
      });
    }
  }
}

/** Of processes that were ended while they fetched. */
async function removeStale(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const path = join(parent, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > STALE_MS) await rm(path, { recursive: true, force: true });
  }
}
