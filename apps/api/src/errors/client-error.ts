import type { Socket } from 'node:net';
import { problem } from '@fraud/contract';

const BODY = JSON.stringify(problem('bad_request'));
const ANSWER =
  'HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: application/problem+json\r\n' +
  `content-length: ${Buffer.byteLength(BODY)}\r\n\r\n${BODY}`;

/** Answers what is not even HTTP, or too long a header, and closes the connection. */
export function clientErrorHandler(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) socket.end(ANSWER);
  else socket.destroy();
}
