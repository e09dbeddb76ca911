import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResponseReader } from './response-reader.js';

const PLAIN = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nContent-Length: 13\r\n\r\n{"degraded":1';
const CHUNKED =
  'HTTP/1.1 503 Service Unavailable\r\nTransfer-Encoding: chunked\r\n\r\n' +
  '5\r\nhello\r\nA;ext=1\r\n, 10 bytes\r\n0\r\nx-trailer: 1\r\n\r\n';
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const EMPTY = 'HTTP/1.1 204 No Content\r\n\r\n';
const STREAM = Buffer.from(PLAIN + CHUNKED + CONTINUE + EMPTY + PLAIN, 'latin1');
const EXPECTED = ['200 {"degraded":1', '503 hello, 10 bytes', '204 ', '200 {"degraded":1'];

function read(pieces: readonly Buffer[]): string[] {
  const responses: string[] = [];
  const reader = new ResponseReader((r) => responses.push(`${r.status} ${r.body.toString('latin1')}`));
  for (const piece of pieces) {
    // The socket's buffer is reused: what the reader keeps must be a copy.
    const reused = Buffer.from(piece);
    reader.push(reused);
    reused.fill(0);
  }
  return responses;
}

describe('ResponseReader', () => {
  it('reads the same responses wherever the stream is split in two', () => {
    for (let at = 0; at <= STREAM.length; at++) {
      expect(read([STREAM.subarray(0, at), STREAM.subarray(at)])).toEqual(EXPECTED);
    }
  });

  it('reads the same responses from any pieces, single bytes included', () => {
    expect(read([...STREAM].map((byte) => Buffer.from([byte])))).toEqual(EXPECTED);
    const cuts = fc.array(fc.nat(STREAM.length), { maxLength: 20 });
    fc.assert(
      fc.property(cuts, (points) => {
        const at = [0, ...points.toSorted((a, b) => a - b), STREAM.length];
        expect(read(at.slice(1).map((end, i) => STREAM.subarray(at[i], end)))).toEqual(EXPECTED);
      }),
    );
  });

  it.each([
    ['other bytes', 'SSH-2.0-OpenSSH\r\n\r\n', 'not an HTTP/1.1 response'],
    ['a response of unknown length', 'HTTP/1.1 200 OK\r\n\r\n', 'neither'],
    [
      'a chunk without a size',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n',
      'without a size',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => read([Buffer.from(bytes)])).toThrow(message);
  });
});
