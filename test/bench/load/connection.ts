import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ResponseReader } from './response-reader.js';

/** Read callbacks run one after the other, so all sockets of the process share one buffer. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/** What became of a request: an HTTP status, or why there is none. */
export type Outcome = number | 'closed' | 'broken';

/** A keep-alive connection with at most one request under way. */
export class Connection {
  /** Called once per request. The body is valid during the call only. */
  onOutcome: (connection: Connection, outcome: Outcome, body: Buffer | null) => void = () => undefined;
  /** When the request under way was due, milliseconds of `performance.now()`. */
  due = 0;
  readonly #socket: Socket;
  #busy = false;

  private constructor(port: number) {
    const reader = new ResponseReader((response) => this.#settle(response.status, response.body));
    this.#socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: {
        buffer: READ_BUFFER,
        callback: (length) => {
          try {
            reader.push(READ_BUFFER.subarray(0, length));
          } catch {
            this.#settle('broken', null);
          }
          return true;
        },
      },
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => this.#settle('closed', null));
  }

  static async open(port: number): Promise<Connection> {
    const connection = new Connection(port);
    await once(connection.#socket, 'connect');
    return connection;
  }

  send(request: Buffer, due: number): void {
    this.due = due;
    this.#busy = true;
    if (this.#socket.destroyed) setImmediate(() => this.#settle('closed', null));
    else this.#socket.write(request);
  }

  close(): void {
    this.#socket.destroy();
  }

  #settle(outcome: Outcome, body: Buffer | null): void {
    if (!this.#busy) return;
    this.#busy = false;
    this.onOutcome(this, outcome, body);
  }
}
