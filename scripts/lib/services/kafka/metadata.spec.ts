import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { kafkaMetadata, probeKafka } from './metadata.mjs';

/** As recorded from Kafka 4.3.1: one broker, node 1 at 127.0.0.1:39092, which is the controller; no topics. */
const ONE_BROKER = '0000002500000000000000010000000100093132372e302e302e31000098b4ffff0000000100000000';
const withController = (node: string) => `${ONE_BROKER.slice(0, 66)}${node}00000000`;

describe('the Kafka probe', () => {
  const servers: Server[] = [];
  const received: Buffer[] = [];
  /** Sends the answer in the given pieces, as a network may. */
  const answering = (...pieces: string[]) =>
    new Promise<string>((resolve) => {
      const server = createServer({ noDelay: true }, (socket) => {
        socket.on('error', () => undefined);
        socket.on('data', (chunk: Buffer) => {
          received.push(chunk);
          pieces.forEach((piece, i) => setTimeout(() => socket.write(Buffer.from(piece, 'hex')), i * 10));
          if (pieces.length === 0) socket.end();
        });
      });
      servers.push(server);
      server.listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`));
    });
  afterEach(() => {
    received.length = 0;
    for (const server of servers.splice(0)) server.close();
  });

  it('asks for the metadata of no topic and reads brokers and controller', async () => {
    const expected = { brokers: [{ node: 1, host: '127.0.0.1', port: 39_092 }], controller: 1 };
    expect(await kafkaMetadata(await answering(ONE_BROKER))).toEqual(expected);
    expect(Buffer.concat(received).toString('hex')).toBe('0000000e0003000100000000ffff00000000');
    expect(await kafkaMetadata(await answering(ONE_BROKER.slice(0, 6), ONE_BROKER.slice(6)))).toEqual(
      expected,
    );
  });

  it('waits for every broker that is expected, and for a controller', async () => {
    const address = await answering(ONE_BROKER);
    await expect(probeKafka(address, 1)).resolves.toBeUndefined();
    await expect(probeKafka(address, 3)).rejects.toThrow('knows 1 of 3 brokers');
    await expect(probeKafka(await answering(withController('ffffffff')), 1)).rejects.toThrow('no controller');
  });

  it('is content with one of several addresses where one broker is expected, as any client', async () => {
    const [silent, alive] = [await answering(), await answering(ONE_BROKER)];
    await expect(probeKafka(`${silent}, ${alive}`, 1)).resolves.toBeUndefined();
    await expect(probeKafka(silent, 1)).rejects.toThrow('closed without an answer');
  });

  it('gives the reason where nobody listens, nobody answers so, or the address is none', async () => {
    const address = await answering('00000004000000ff');
    await expect(probeKafka(address, 1)).rejects.toThrow('not that of a Kafka broker');
    servers.splice(0).forEach((server) => server.close());
    await expect(probeKafka(address, 1)).rejects.toThrow(/ECONNREFUSED/);
    await expect(probeKafka('no port:x', 1)).rejects.toThrow(/Invalid URL/);
  });
});
