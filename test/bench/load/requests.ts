import { FORMS, type FormName } from './forms.js';
import { Sequence } from './sequence.js';

/** The sequence of transactions as ready-made HTTP requests. */
export class Requests {
  readonly #sequence: Sequence;

  constructor(form: FormName) {
    const { path } = FORMS[form];
    // Every length has three digits; the sequence would notice if it were otherwise.
    this.#sequence = new Sequence(
      form,
      (json) =>
        `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
    );
  }

  seek(transaction: number): void {
    this.#sequence.seek(transaction);
  }

  next(): Buffer {
    return this.#sequence.next().bytes;
  }
}
