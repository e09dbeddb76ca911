import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { pingRedis } from './ask.mjs';

describe('the Redis ping', () => {
  let server: Server;
  const received: string[] = [];
  const answering = (reply: string) =>
    new Promise<string>((resolve) => {
      server = createServer((socket) => {
        socket.on('data', (chunk) => {
          received.push(chunk.toString());
          socket.end(reply);
        });
      });
      server.listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`));
    });
  afterEach(() => {
    received.length = 0;
    server.close();
  });

  it('is content with PONG', async () => {
    await expect(pingRedis(`redis://${await answering('+PONG\r\n')}`)).resolves.toBeUndefined();
    expect(received.join('')).toBe('*1\r\n$4\r\nPING\r\n');
  });

  it('sends the password of the URL first', async () => {
    const address = await answering('+OK\r\n+PONG\r\n');
    await pingRedis(`redis://user:p%40ss@${address}`);
    expect(received.join('')).toMatch(/^\*3\r\n\$4\r\nAUTH\r\n\$4\r\nuser\r\n\$4\r\np@ss\r\n\*1/);
  });

  it('gives the server’s reason', async () => {
    const address = await answering('-LOADING Redis is loading the dataset in memory\r\n');
    await expect(pingRedis(`redis://${address}`)).rejects.toThrow('LOADING');
  });

  it('fails where nobody listens, and on a server that hangs up', async () => {
    const address = await answering('');
    await expect(pingRedis(`redis://${address}`)).rejects.toThrow('closed without an answer');
    server.close();
    await expect(pingRedis(`redis://${address}`)).rejects.toThrow(/ECONNREFUSED/);
  });
});
