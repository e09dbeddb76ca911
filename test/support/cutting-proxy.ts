import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo } from 'node:net';

/** A network path to a service on which answers break off. */
export interface CuttingProxy {
  readonly url: string;
  /** Connections that were cut so far. */
  readonly cuts: number;
  close(): void;
}

/**
 * Puts a proxy before a service that ends connections in the middle of an answer.
 * @param times how often
 * @param bytes of answers that a connection lets through before
 */
export async function cuttingProxyTo(
  serviceUrl: string,
  times: number,
  bytes: number,
): Promise<CuttingProxy> {
  const { port, hostname } = new URL(serviceUrl);
  let cuts = 0;
  const server = createServer((client) => {
    const service = createConnection(Number(port), hostname);
    let passed = 0;
    client.on('data', (chunk) => service.write(chunk));
    service.on('data', (chunk) => {
      passed += chunk.length;
      if (passed > bytes && cuts < times && !client.destroyed) {
        cuts++;
        client.destroy();
        service.destroy();
      } else client.write(chunk);
    });
    for (const [one, other] of [
      [client, service],
      [service, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get cuts() {
      return cuts;
    },
    close: () => server.close(),
  };
}
