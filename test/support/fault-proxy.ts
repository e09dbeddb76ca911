import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';

/** A network path to a service that can be made to fail. */
export interface FaultProxy {
  /** The service's URL by way of the proxy. */
  readonly url: string;
  /** Nothing passes any more, either way; connections stay open. */
  hang(): void;
  /** What the service answers is held back; what it is sent still reaches it. */
  holdReplies(): void;
  /** Everything takes so much longer, each way. */
  delay(ms: number): void;
  /** Cuts every connection and takes no new one. */
  cut(): void;
  /** Everything passes again, what was held back included. */
  heal(): void;
  close(): Promise<void>;
}

type Mode = 'open' | 'hanging' | 'holding replies' | 'cut';

/** Puts a proxy before a service. */
export async function proxyTo(serviceUrl: string): Promise<FaultProxy> {
  const target = new URL(serviceUrl);
  const sockets = new Set<Socket>();
  const services = new Set<Socket>();
  let mode: Mode = 'open';
  let delayMs = 0;

  const forward = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on('data', (chunk) => {
      if (delayMs === 0) to.write(chunk);
      else setTimeout(() => to.write(chunk), delayMs);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    if (mode === 'hanging') from.pause();
  };

  const server = createServer((client) => {
    if (mode === 'cut') {
      client.destroy();
      return;
    }
    const service = createConnection(Number(target.port), target.hostname);
    services.add(service);
    service.on('close', () => services.delete(service));
    forward(client, service);
    forward(service, client);
    if (mode === 'holding replies') service.pause();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(serviceUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url: url.toString(),
    hang() {
      mode = 'hanging';
      for (const socket of sockets) socket.pause();
    },
    holdReplies() {
      mode = 'holding replies';
      for (const service of services) service.pause();
    },
    delay(ms) {
      delayMs = ms;
    },
    cut() {
      mode = 'cut';
      for (const socket of sockets) socket.destroy();
    },
    heal() {
      mode = 'open';
      delayMs = 0;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
