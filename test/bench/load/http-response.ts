/** One complete HTTP/1.1 response inside a buffer. */
export interface HttpResponse {
  readonly status: number;
  readonly body: Buffer;
  /** Offset of the first byte after it. */
  readonly end: number;
}

const EMPTY = Buffer.alloc(0);

/**
 * Reads the response that begins at `from`; null while it is not complete.
 * @throws on bytes that are no HTTP/1.1 response, or on a length that only closing the connection would tell
 */
export function parseResponse(data: Buffer, from: number): HttpResponse | null {
  const headEnd = data.indexOf('\r\n\r\n', from, 'latin1');
  if (headEnd === -1) return null;
  const head = data.toString('latin1', from, headEnd);
  const statusLine = /^HTTP\/1\.1 (\d{3})/.exec(head);
  if (statusLine === null) throw new Error(`not an HTTP/1.1 response: ${JSON.stringify(head.slice(0, 40))}`);
  const status = Number(statusLine[1]);
  const start = headEnd + 4;

  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (length !== null) {
    const end = start + Number(length[1]);
    return end > data.length ? null : { status, body: data.subarray(start, end), end };
  }
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return parseChunked(data, start, status);
  if (status < 200 || status === 204 || status === 304) return { status, body: EMPTY, end: start };
  throw new Error('a response with neither content-length nor chunks');
}

function parseChunked(data: Buffer, start: number, status: number): HttpResponse | null {
  const chunks: Buffer[] = [];
  let at = start;
  for (;;) {
    const lineEnd = data.indexOf('\r\n', at, 'latin1');
    if (lineEnd === -1) return null;
    const size = Number.parseInt(data.toString('latin1', at, lineEnd), 16);
    if (Number.isNaN(size)) throw new Error('a chunk without a size');
    at = lineEnd + 2;
    if (size === 0) break;
    if (at + size + 2 > data.length) return null;
    chunks.push(data.subarray(at, at + size));
    at += size + 2;
  }
  // Trailer fields, then an empty line.
  for (;;) {
    const lineEnd = data.indexOf('\r\n', at, 'latin1');
    if (lineEnd === -1) return null;
    const last = lineEnd === at;
    at = lineEnd + 2;
    if (last) return { status, body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks), end: at };
  }
}
