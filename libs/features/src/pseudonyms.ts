import { createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** An HMAC costs some two microseconds, and a cardholder's address comes again. */
const REMEMBERED = 50_000;

/** Turns what must not be kept, such as an address, into a keyed hash that stands for it. */
export class Pseudonyms {
  private readonly known = new LRUCache<string, string>({ max: REMEMBERED });

  constructor(private readonly key: string) {}

  /** 16 base64url characters. */
  of(value: string): string {
    const known = this.known.get(value);
    if (known !== undefined) return known;
    const pseudonym = createHmac('sha256', this.key).update(value).digest('base64url').slice(0, 16);
    this.known.set(value, pseudonym);
    return pseudonym;
  }
}
