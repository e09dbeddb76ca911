import { createReadStream, type ReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { TrafficFileError } from './traffic-file-error.js';

const CHUNK = 1 << 17;
/** Of compressed bytes: small, because a few hundred kilobytes of them are many rows and all count as read at once. */
const PACKED_CHUNK = 1 << 14;

/** A file being read, uncompressed on the way. */
export interface ByteSource {
  readonly path: string;
  /** Size on disk. */
  readonly totalBytes: number;
  /** Bytes of the file on disk that were read so far. */
  bytesRead(): number;
  /** Opens the file; at most once. */
  open(): Readable;
}

/** Describes a file; gzip is recognised by its first bytes, not by its name. @throws TrafficFileError if there is none */
export async function byteSource(path: string): Promise<ByteSource> {
  const { size, gzip } = await inspect(path);
  let raw: ReadStream | undefined;
  return {
    path,
    totalBytes: size,
    bytesRead: () => raw?.bytesRead ?? 0,
    open: () => {
      raw = createReadStream(path, { highWaterMark: gzip ? PACKED_CHUNK : CHUNK });
      // An error of either end reaches the reader of the last stream; nothing is left to do here.
      return gzip ? pipeline(raw, createGunzip({ chunkSize: CHUNK }), () => undefined) : raw;
    },
  };
}

async function inspect(path: string): Promise<{ size: number; gzip: boolean }> {
  try {
    const { size } = await stat(path);
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
      return { size, gzip: bytesRead === 2 && buffer.readUInt16BE(0) === 0x1f8b };
    } finally {
      await file.close();
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const message = code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code ?? String(cause)})`;
    throw new TrafficFileError(path, message, null, { cause });
  }
}

/** The first line of a file, without its end. */
export async function firstLine(source: ByteSource): Promise<string> {
  for await (const lines of readLines({ ...source })) {
    const line = lines.find((l) => l.length > 0);
    if (line !== undefined) return line;
  }
  return '';
}

/**
 * The lines of a file, many at a time: one await for each line would cost more than reading it.
 * Line ends are LF or CRLF; a byte order mark is left out.
 * @throws TrafficFileError when the file breaks off or is damaged
 */
export async function* readLines(source: ByteSource): AsyncGenerator<string[], void> {
  let rest = '';
  let first = true;
  const stream = source.open().setEncoding('utf8');
  try {
    for await (const chunk of stream as AsyncIterable<string>) {
      const text = rest + (first && chunk.startsWith('\ufeff') ? chunk.slice(1) : chunk);
      first = false;
      const end = text.lastIndexOf('\n');
      rest = text.slice(end + 1);
      if (end >= 0) yield split(text.slice(0, end));
    }
  } catch (cause) {
    throw new TrafficFileError(source.path, `cannot be read (${(cause as Error).message})`, null, { cause });
  } finally {
    stream.destroy();
  }
  if (rest !== '') yield split(rest);
}

function split(text: string): string[] {
  return text.includes('\r') ? text.split(/\r?\n/).map((line) => line.replace(/\r$/, '')) : text.split('\n');
}
