import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { startServices } from '../../../scripts/lib/services/for-tests.mjs';

/** A private Redis without persistence, as the primary that serves features runs. */
export class RedisServer {
  readonly url: string;
  readonly #socket: Socket;
  readonly #stop: () => Promise<void>;

  private constructor(url: string, socket: Socket, stop: () => Promise<void>) {
    this.url = url;
    this.#socket = socket;
    this.#stop = stop;
  }

  /** @param directory gets its log and state */
  static async start(directory: string): Promise<RedisServer> {
    const { urls, stop } = await startServices(['redis'], join(directory, 'services'));
    const { hostname, port } = new URL(urls['redis']!);
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    return new RedisServer(urls['redis']!, socket, stop);
  }

  /** CPU seconds that it has used so far, from Redis itself: a container hides its process id. */
  async cpuSeconds(): Promise<number> {
    const info = await this.#info('cpu');
    return Number(field(info, 'used_cpu_sys')) + Number(field(info, 'used_cpu_user'));
  }

  async version(): Promise<string> {
    return field(await this.#info('server'), 'redis_version');
  }

  /** CPU that a bare PING costs it, µs, one at a time: what is lost to the system calls and the waking up alone. */
  async pingCpuUs(pings = 5_000): Promise<number> {
    const before = await this.cpuSeconds();
    for (let i = 0; i < pings; i++) {
      this.#socket.write('PING\r\n');
      await once(this.#socket, 'data');
    }
    return (((await this.cpuSeconds()) - before) * 1e6) / pings;
  }

  async stop(): Promise<void> {
    this.#socket.destroy();
    await this.#stop();
  }

  async #info(section: string): Promise<string> {
    this.#socket.write(`INFO ${section}\r\n`);
    let reply = '';
    for (;;) {
      const [chunk] = (await once(this.#socket, 'data')) as [Buffer];
      reply += chunk.toString('latin1');
      // A bulk string: $<length>\r\n<bytes>\r\n
      const head = /^\$(\d+)\r\n/.exec(reply);
      if (head !== null && reply.length >= head[0].length + Number(head[1]) + 2) return reply;
    }
  }
}

function field(info: string, name: string): string {
  const found = new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  if (found === undefined) throw new Error(`Redis does not tell ${name}`);
  return found;
}
