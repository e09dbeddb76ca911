import { FORMS, type FormName } from './forms.js';
import { randomNumbers, randomTransaction } from './transactions.js';

/** The bytes of one serialised transaction, as often as it comes round reused with another id and time. */
export interface Template {
  readonly bytes: Buffer;
  readonly cardId: string;
}

/** So many different ones; then they come again, under other ids and at other times. */
const TEMPLATES = 16_384;
const FIRST_EVENT = Date.UTC(2024, 0, 1);
/** Event time between two transactions: 2,000 cards then pay twice a day each, as real ones do. */
const EVENT_STEP_MS = 20_000;

const ID_DIGITS = 10;
const ID_START = '{"transaction_id":"bench-';
const TIME_LENGTH = '2024-01-01T00:00:00.000Z'.length;

/**
 * The endless sequence of transactions that every server gets. Each has an id and a time of its own, written into the bytes
 * of one of many serialised ones: distinct transactions at the price of two short copies.
 */
export class Sequence {
  readonly #templates: readonly Template[];
  readonly #idAt: number;
  readonly #timeAt: number;
  #next = 0;

  /** @param wrap what goes around the JSON, of the same length in front of each */
  constructor(form: FormName, wrap: (json: string) => string = (json) => json) {
    const { timeField, rest } = FORMS[form];
    const timeStart = `","${timeField}":"`;
    const time = new Date(FIRST_EVENT).toISOString();
    const random = randomNumbers(20_240_101);
    this.#templates = Array.from({ length: TEMPLATES }, () => {
      const transaction = randomTransaction(random);
      const fields = JSON.stringify(rest(transaction)).slice(1);
      const json = `${ID_START}${'0'.repeat(ID_DIGITS)}${timeStart}${time}",${fields}`;
      return { bytes: Buffer.from(wrap(json), 'latin1'), cardId: transaction.card_id };
    });
    this.#idAt = this.#templates[0]!.bytes.indexOf(ID_START) + ID_START.length;
    this.#timeAt = this.#idAt + ID_DIGITS + timeStart.length;
    if (this.#templates.some(({ bytes }) => this.#timeIn(bytes) !== time)) {
      throw new Error('the templates do not line up');
    }
  }

  /** Goes on at the given transaction. */
  seek(transaction: number): void {
    this.#next = transaction;
  }

  /** The next one. Its bytes are written anew after 16,384 further ones. */
  next(): Template {
    const number = this.#next++;
    const template = this.#templates[number % TEMPLATES]!;
    // The step varies by less than itself, so time never runs backwards.
    const at = FIRST_EVENT + number * EVENT_STEP_MS + ((number * 7_919) % EVENT_STEP_MS);
    template.bytes.write(String(number).padStart(ID_DIGITS, '0'), this.#idAt, 'latin1');
    template.bytes.write(new Date(at).toISOString(), this.#timeAt, 'latin1');
    return template;
  }

  #timeIn(bytes: Buffer): string {
    return bytes.toString('latin1', this.#timeAt, this.#timeAt + TIME_LENGTH);
  }
}
