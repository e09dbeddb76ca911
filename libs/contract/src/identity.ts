import { hash } from 'node:crypto';
import type { Transaction } from './transaction.js';

/** Who a transaction is and what it says, as hashes. */
export interface Identity {
  /** UUID (version 8) derived from the transaction id alone. */
  readonly decisionId: string;
  /** First 8 bytes of the same digest: how the card's log recognises the event. */
  readonly eventHash: Buffer;
  /** 16 base64url characters over every contract field: tells a repeat from a conflict. */
  readonly contentHash: string;
}

/** Derives the identity of a transaction; equal content gives equal hashes whatever the order of its keys. */
export function identify(t: Transaction): Identity {
  const digest = hash('sha256', t.transaction_id, 'buffer');
  return {
    decisionId: uuid(digest),
    eventHash: digest.subarray(0, 8),
    contentHash: hash('sha256', contentOf(t), 'base64url').slice(0, 16),
  };
}

/** The id of the decision of a transaction. */
export const decisionIdOf = (transactionId: string): string => uuid(hash('sha256', transactionId, 'buffer'));

function contentOf(t: Transaction): string {
  // \x1f cannot occur in a token, so neighbouring fields cannot be confused.
  const metadata = t.metadata === undefined ? '' : canonical(t.metadata);
  return `${t.transaction_id}\x1f${t.occurred_at}\x1f${t.amount}\x1f${t.currency}\x1f${t.card_id}\x1f${t.merchant_id}\x1f${t.customer_id ?? ''}\x1f${t.terminal_id ?? ''}\x1f${t.merchant_category ?? ''}\x1f${t.channel ?? ''}\x1f${t.country ?? ''}\x1f${t.device_id ?? ''}\x1f${t.ip ?? ''}\x1f${t.email_hash ?? ''}\x1f${t.latitude ?? ''}\x1f${t.longitude ?? ''}\x1f${metadata}`;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

function uuid(digest: Buffer): string {
  // RFC 9562: version 8 in the high nibble of byte 6, variant 10 in byte 8.
  const h = digest.toString('hex', 0, 16);
  const variant = '89ab'.charAt(digest[8]! & 3);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-8${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20, 32)}`;
}
