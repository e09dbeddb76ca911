import { createHash, hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../../manifest.js';
import type { Model, ModelOrigin } from '../../model.js';
import { ModelRefused } from '../../model-refused.js';
import { parseManifest } from '../../parse-manifest.js';
import {
  MANIFEST_FILE,
  MOST_MANIFEST_BYTES,
  openVerified,
  readModelFile,
  type Verification,
} from '../../verify/open-verified.js';
import type { ModelSource, ModelSourceSettings } from '../model-source.js';
import { elsewhere, inNaturalOrder, requireVersion, requireVersionName } from '../version-name.js';
import type { S3Address } from './address.js';
import { ModelCache } from './model-cache.js';
import { S3Reader, S3Unavailable } from './s3-reader.js';

/** Folder of the cache for the model that lies at the address itself; no version can be called so. */
const ITSELF = '_';

/** Models in S3, as `aws s3 cp models/ s3://bucket/v1.2.0/ --recursive` leaves them. */
export class S3Source implements ModelSource {
  readonly uri: string;
  private readonly cache: ModelCache;

  constructor(
    private readonly settings: ModelSourceSettings,
    private readonly address: S3Address,
  ) {
    this.uri = settings.uri;
    const { bucket, prefix } = address;
    const registry = hash('sha256', [settings.endpoint ?? 'aws', bucket, prefix].join('\n'), 'hex');
    this.cache = new ModelCache(settings.cacheDirectory, `${bucket}-${registry.slice(0, 12)}`);
  }

  async load(version: string | undefined, passed?: Verification['passed']): Promise<Model> {
    if (version !== undefined) requireVersionName(version);
    const { directory, source } = await this.bring(version);
    passed?.(
      'files',
      `${directory}, ${source === 's3' ? 'as S3 has it' : 'a copy, since S3 did not answer'}`,
    );
    const { catalogue, maxBytes } = this.settings;
    const model = await openVerified(directory, { catalogue, maxBytes, ...(passed && { passed }) });
    return { ...model, source, ...(version !== undefined && { deployedAs: version }) };
  }

  async versions(): Promise<readonly string[]> {
    try {
      return await this.withReader((reader) => this.list(reader));
    } catch (cause) {
      if (!(cause instanceof S3Unavailable)) throw cause;
      throw new ModelRefused('registry_unavailable', cause.message, { cause });
    }
  }

  /** Brings a version onto this machine; where S3 does not answer, the copy of before has to do. */
  private async bring(version: string | undefined): Promise<{ directory: string; source: ModelOrigin }> {
    try {
      const directory = await this.withReader((reader) => this.download(reader, version));
      return { directory, source: 's3' };
    } catch (cause) {
      if (!(cause instanceof S3Unavailable)) throw cause;
      const directory = await this.cache.current(version ?? ITSELF);
      if (directory !== undefined) return { directory, source: 'cache' };
      throw new ModelRefused('registry_unavailable', `${cause.message}; and there is no copy in the cache`, {
        cause,
      });
    }
  }

  private async download(reader: S3Reader, version: string | undefined): Promise<string> {
    const folder = version === undefined ? '' : `${version}/`;
    const own = await fetchManifest(reader, folder);
    const found = own ?? (version === undefined ? undefined : await fetchManifest(reader, ''));
    if (found === undefined) throw await this.nowhere(reader, version);
    const manifest = parseManifest(found.toString('utf8'));
    if (own === undefined && version !== undefined) requireVersion(manifest, version, this.uri);
    const name = version ?? ITSELF;
    const directory = this.cache.place(name, found);
    if (!(await this.isThere(directory, manifest))) {
      await this.cache.keep(name, found, (fresh) =>
        this.fetchModel(reader, own === undefined ? '' : folder, manifest, fresh),
      );
    }
    await this.cache.setCurrent(name, found);
    return directory;
  }

  /** Whether the cache has these very files. */
  private async isThere(directory: string, manifest: Manifest): Promise<boolean> {
    try {
      await readModelFile(directory, manifest, this.settings.maxBytes);
      return true;
    } catch (error) {
      if (error instanceof ModelRefused) return false;
      throw error;
    }
  }

  private async fetchModel(
    reader: S3Reader,
    folder: string,
    { model }: Manifest,
    directory: string,
  ): Promise<void> {
    const key = folder + model.file;
    const sha256 = await reader.fetch(key, this.settings.maxBytes, (body) =>
      this.write(body, join(directory, model.file)),
    );
    if (sha256 === undefined)
      throw new ModelRefused('not_found', `${this.uri} has a manifest, but no ${key} beside it`);
    if (sha256 !== model.sha256)
      throw new ModelRefused(
        'hash_mismatch',
        `${key} of ${this.uri} has sha256 ${sha256}; its manifest says ${model.sha256}`,
      );
  }

  /** Writes a body to a file, down to the disk. @returns its sha256 */
  private async write(body: AsyncIterable<Buffer>, path: string): Promise<string> {
    const sha256 = createHash('sha256');
    const file = await this.cache.writing(() => open(path, 'w'));
    try {
      for await (const chunk of body) {
        sha256.update(chunk);
        await this.cache.writing(() => file.writeFile(chunk));
      }
      await this.cache.writing(() => file.sync());
    } finally {
      await file.close();
    }
    return sha256.digest('hex');
  }

  private async nowhere(reader: S3Reader, version: string | undefined): Promise<ModelRefused> {
    const wanted = version === undefined ? this.uri : `${this.uri}, and none in ${version}/`;
    return new ModelRefused(
      'not_found',
      `there is no manifest.json in ${wanted}${elsewhere(await this.list(reader))}`,
    );
  }

  private async list(reader: S3Reader): Promise<string[]> {
    const folders = (await reader.keys()).map((key) => /^([^/]+)\/manifest\.json$/.exec(key)?.[1]);
    return inNaturalOrder(folders.filter((name) => name !== undefined));
  }

  private async withReader<T>(use: (reader: S3Reader) => Promise<T>): Promise<T> {
    const reader = await S3Reader.open(this.address, this.settings);
    try {
      return await use(reader);
    } finally {
      reader.close();
    }
  }
}

const fetchManifest = (reader: S3Reader, folder: string): Promise<Buffer | undefined> =>
  reader.fetch(folder + MANIFEST_FILE, MOST_MANIFEST_BYTES, async (body) => {
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return Buffer.concat(chunks);
  });
