import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const CHUNK = Buffer.alloc(2 ** 20);
const CHUNKS = 1024;

/** Over loopback: more than whatever else there is. */
export async function sendGigabyte(): Promise<void> {
  const server = createServer((socket) => socket.resume());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const chunks = Readable.from(Array.from({ length: CHUNKS }, () => CHUNK));
  await pipeline(chunks, createConnection(port, '127.0.0.1'));
  server.close();
}
