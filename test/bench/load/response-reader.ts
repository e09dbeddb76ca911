import { parseResponse, type HttpResponse } from './http-response.js';

/** Cuts a byte stream into responses, wherever the network split it. */
export class ResponseReader {
  readonly #onResponse: (response: HttpResponse) => void;
  #rest: Buffer | null = null;

  /** @param onResponse gets each response as soon as it is complete; its body is valid during the call only */
  constructor(onResponse: (response: HttpResponse) => void) {
    this.#onResponse = onResponse;
  }

  /** @param chunk the next bytes; copied if they must be kept, so the caller may reuse the buffer */
  push(chunk: Buffer): void {
    const data = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (at < data.length) {
      const response = parseResponse(data, at);
      if (response === null) break;
      at = response.end;
      // 1xx announces the real response.
      if (response.status >= 200) this.#onResponse(response);
    }
    this.#rest = at === data.length ? null : Buffer.from(data.subarray(at));
  }
}
