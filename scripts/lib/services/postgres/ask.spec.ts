import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { pingPostgres } from './ask.mjs';

/** A message of the protocol: its type, its length, what it says. */
const message = (type: string, ...fields: string[]) => {
  const body = Buffer.from(fields.map((field) => `${field}\0`).join(''));
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + body.length);
  return Buffer.concat([Buffer.from(type), length, body]);
};

describe('the Postgres ping', () => {
  let server: Server;
  const received: Buffer[] = [];
  const answering = (...replies: Buffer[]) =>
    new Promise<string>((resolve) => {
      server = createServer((socket) => {
        socket.once('data', (chunk: Buffer) => {
          received.push(chunk);
          for (const reply of replies) socket.write(reply);
          socket.end();
        });
      });
      server.listen(0, '127.0.0.1', () =>
        resolve(`postgres://some%20one@127.0.0.1:${(server.address() as AddressInfo).port}/some`),
      );
    });
  afterEach(() => {
    received.length = 0;
    server.close();
  });

  it('is content when the server begins a session with the user and the database of the URL', async () => {
    await expect(pingPostgres(await answering(message('R', '')))).resolves.toBeUndefined();
    const asked = received[0]!;
    expect([asked.readInt32BE(0), asked.readInt32BE(4)]).toEqual([asked.length, 196_608]);
    expect(asked.toString('latin1', 8)).toBe('user\0some one\0database\0some\0\0');
  });

  it('is content with a server that wants to know more of who asks', async () => {
    const refusal = message('E', 'SFATAL', 'C28P01', 'Mpassword authentication failed', '');
    await expect(pingPostgres(await answering(refusal))).resolves.toBeUndefined();
  });

  it('gives the server’s reason, in however many pieces it comes', async () => {
    const refusal = message('E', 'SFATAL', 'C57P03', 'Mthe database system is starting up', '');
    const url = await answering(refusal.subarray(0, 3), refusal.subarray(3));
    await expect(pingPostgres(url)).rejects.toThrow('the database system is starting up');
  });

  it('fails where nobody listens, and on a server that hangs up', async () => {
    const url = await answering();
    await expect(pingPostgres(url)).rejects.toThrow('closed without an answer');
    server.close();
    await expect(pingPostgres(url)).rejects.toThrow(/ECONNREFUSED/);
  });
});
