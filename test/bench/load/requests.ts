import { randomNumbers, randomTransaction } from './transactions.js';

const TEMPLATES = 16_384;
const PATH = '/v1/decisions';
const FIRST_EVENT = Date.UTC(2024, 0, 1);
/** Event time between two transactions: 2,000 cards then pay twice a day each, as real ones do. */
const EVENT_STEP_MS = 20_000;

const ID_DIGITS = 10;
const ID_START = '{"transaction_id":"bench-';
const TIME_START = '","occurred_at":"';
const TIME_LENGTH = '2024-01-01T00:00:00.000Z'.length;

/**
 * Ready-made HTTP requests. Each is sent with an id and a time of its own, written into the bytes of one of many
 * serialised transactions: distinct requests at the price of two short copies.
 */
export class Requests {
  readonly #templates: readonly Buffer[];
  readonly #idAt: number;
  readonly #timeAt: number;
  #sequence = 0;

  constructor() {
    const random = randomNumbers(20_240_101);
    const time = new Date(FIRST_EVENT).toISOString();
    this.#templates = Array.from({ length: TEMPLATES }, () => {
      const rest = JSON.stringify(randomTransaction(random)).slice(1);
      return serialise(`${ID_START}${'0'.repeat(ID_DIGITS)}${TIME_START}${time}",${rest}`);
    });
    this.#idAt = this.#templates[0]!.indexOf(ID_START) + ID_START.length;
    this.#timeAt = this.#idAt + ID_DIGITS + TIME_START.length;
    // The offsets hold for all of them as long as every content-length has as many digits.
    if (
      this.#templates.some((t) => t.toString('latin1', this.#timeAt, this.#timeAt + TIME_LENGTH) !== time)
    ) {
      throw new Error('the request templates do not line up');
    }
  }

  /** Starts at the given transaction of the endless sequence. */
  seek(sequence: number): void {
    this.#sequence = sequence;
  }

  /** The next request. Its bytes are reused after 16,384 further ones. */
  next(): Buffer {
    const sequence = this.#sequence++;
    const request = this.#templates[sequence % TEMPLATES]!;
    // The step varies by less than itself, so time never runs backwards.
    const at = FIRST_EVENT + sequence * EVENT_STEP_MS + ((sequence * 7_919) % EVENT_STEP_MS);
    request.write(String(sequence).padStart(ID_DIGITS, '0'), this.#idAt, 'latin1');
    request.write(new Date(at).toISOString(), this.#timeAt, 'latin1');
    return request;
  }
}

function serialise(body: string): Buffer {
  const head =
    `POST ${PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return Buffer.from(head + body, 'latin1');
}
