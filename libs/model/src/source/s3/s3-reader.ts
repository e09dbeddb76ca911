import { addAbortSignal, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { messageOf, ModelRefused } from '../../model-refused.js';
import type { S3Address } from './address.js';

/** Longest wait for a connection, for the beginning of an answer, and for more of it, ms. */
const CONNECT_MS = 2_000;
const ANSWER_MS = 10_000;
const SILENCE_MS = 5_000;
/** For answers that break off in the middle; requests that fail as a whole are repeated by the SDK, as AWS_MAX_ATTEMPTS says. */
const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 200;
const MOST_KEYS = 100_000;

/** S3 gave no answer that settles anything; its words are in the message. */
export class S3Unavailable extends Error {
  override readonly name = 'S3Unavailable';
}

export interface S3ReaderSettings {
  readonly timeoutMs: number;
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
}

/** Reads objects of a bucket. Everything it does has one deadline. */
export class S3Reader {
  private constructor(
    private readonly sdk: typeof import('@aws-sdk/client-s3'),
    private readonly client: S3Client,
    private readonly address: S3Address,
    private readonly deadline: AbortSignal,
  ) {}

  /** The SDK is loaded here, so that a directory of models costs nothing of it. */
  static async open(address: S3Address, settings: S3ReaderSettings): Promise<S3Reader> {
    const sdk = await import('@aws-sdk/client-s3');
    const client = new sdk.S3Client(clientConfig(settings));
    return new S3Reader(sdk, client, address, AbortSignal.timeout(settings.timeoutMs));
  }

  close(): void {
    this.client.destroy();
  }

  /**
   * Fetches one object; `take` gets all of it, from the beginning again where an attempt broke off.
   * @param key without the prefix of the address
   * @returns undefined where there is no such object
   * @throws ModelRefused too_large; S3Unavailable; whatever `take` throws as ModelRefused
   */
  async fetch<T>(
    key: string,
    limit: number,
    take: (body: AsyncIterable<Buffer>) => Promise<T>,
  ): Promise<T | undefined> {
    for (let attempt = 1; ; attempt++) {
      const body = await this.begin(key, limit);
      if (body === undefined) return undefined;
      try {
        return await take(bounded(body, limit, this.name(key)));
      } catch (cause) {
        if (cause instanceof ModelRefused) throw cause;
        if (attempt === ATTEMPTS || this.deadline.aborted) throw this.unavailable(key, cause);
        // Between nothing and twice as much as before: processes that failed together do not come back together.
        await sleep(Math.random() * FIRST_PAUSE_MS * 2 ** attempt);
      } finally {
        // An answer that is not read to its end would keep its connection.
        body.destroy();
      }
    }
  }

  /** Names of all objects, without the prefix of the address. @throws S3Unavailable */
  async keys(): Promise<string[]> {
    const { bucket: Bucket, prefix: Prefix } = this.address;
    const found: string[] = [];
    const asked = { client: this.client };
    try {
      for await (const page of this.sdk.paginateListObjectsV2(
        asked,
        { Bucket, Prefix },
        { abortSignal: this.deadline },
      )) {
        for (const { Key } of page.Contents ?? [])
          if (Key !== undefined) found.push(Key.slice(Prefix.length));
        if (found.length > MOST_KEYS) break;
      }
    } catch (cause) {
      if (isMissing(cause)) return [];
      throw this.unavailable('', cause);
    }
    return found;
  }

  private async begin(key: string, limit: number): Promise<Readable | undefined> {
    const { bucket: Bucket, prefix } = this.address;
    try {
      const command = new this.sdk.GetObjectCommand({ Bucket, Key: prefix + key });
      const { Body, ContentLength = 0 } = await this.client.send(command, { abortSignal: this.deadline });
      if (!(Body instanceof Readable)) throw new Error('the answer has no body');
      if (ContentLength > limit) {
        Body.destroy();
        throw new ModelRefused(
          'too_large',
          `${this.name(key)} has ${ContentLength} bytes; ${limit} are allowed`,
        );
      }
      return addAbortSignal(this.deadline, Body);
    } catch (cause) {
      if (cause instanceof ModelRefused) throw cause;
      if (isMissing(cause)) return undefined;
      throw this.unavailable(key, cause);
    }
  }

  private unavailable(key: string, cause: unknown): S3Unavailable {
    const why = this.deadline.aborted ? 'no answer in time' : explain(cause);
    return new S3Unavailable(`${this.name(key)}: ${why}`, { cause });
  }

  private name(key: string): string {
    return `s3://${this.address.bucket}/${this.address.prefix}${key}`;
  }
}

function clientConfig({ endpoint, region }: S3ReaderSettings): S3ClientConfig {
  // Buckets of other servers than AWS are no host names, and their region is a mere word.
  const elsewhere = endpoint === undefined ? {} : { endpoint, forcePathStyle: true, region: 'us-east-1' };
  return {
    ...elsewhere,
    ...(region === undefined ? {} : { region }),
    followRegionRedirects: true,
    // The manifest has a sha256 of the model; not every server knows the newer checksums of S3.
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: ANSWER_MS,
      throwOnRequestTimeout: true,
      socketTimeout: SILENCE_MS,
    },
  };
}

/** Chunks of a body; a server that sends more than it announced is cut off. */
async function* bounded(body: Readable, limit: number, name: string): AsyncGenerator<Buffer, void> {
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit)
      throw new ModelRefused('too_large', `${name} has more than ${limit} bytes, which are allowed`);
    yield chunk;
  }
}

/** The server knows that there is no such object, or bucket. */
function isMissing(cause: unknown): boolean {
  const { name, $metadata } = cause as { name?: string; $metadata?: { httpStatusCode?: number } };
  return name === 'NoSuchKey' || name === 'NoSuchBucket' || $metadata?.httpStatusCode === 404;
}

function explain(cause: unknown): string {
  const { name, code } = cause as { name?: string; code?: string };
  const words = messageOf(cause);
  // Connections to several addresses fail with an empty message and a code.
  if (words === '') return code ?? name ?? 'unknown error';
  return name === undefined || name === 'Error' ? words : `${name}: ${words}`;
}
