import { parseTransaction, type Transaction } from '@fraud/contract';
import { toCurrent, type CurrentTransaction } from '../catalogue/current.js';
import { CARD_EVENT_BYTES, writeCardEvent } from '../state/card-event.js';
import { addToRing, copyRing } from '../state/ring.js';
import { tokenHash } from '../state/token-hash.js';
import { VISIT_BYTES, writeVisit } from '../state/visit.js';

export const START = Date.UTC(2026, 0, 5);
const fx = {
  version: 'test',
  convert: (amount: number, currency: string): number => (currency === 'EUR' ? amount : NaN),
};

let serial = 0;
/** A valid transaction at a time, ready for features. */
export function transaction(ms: number, more: Partial<Transaction> = {}): CurrentTransaction {
  const parsed = parseTransaction({
    transaction_id: `tx-${serial++}`,
    occurred_at: new Date(ms).toISOString(),
    amount: 1000,
    currency: 'EUR',
    card_id: 'card',
    merchant_id: 'merchant',
    ...more,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return toCurrent(parsed, fx);
}

/** A card's log of these transactions, in order of arrival. */
export function logOf(events: readonly CurrentTransaction[]): Buffer {
  const log = Buffer.alloc(events.length * CARD_EVENT_BYTES);
  events.forEach((e, i) => {
    writeCardEvent(e.event, e.identity.eventHash, log, i * CARD_EVENT_BYTES);
  });
  return log;
}

/** The log of a device or an address. */
export function visitsOf(events: readonly CurrentTransaction[]): Buffer {
  const log = Buffer.alloc(events.length * VISIT_BYTES);
  events.forEach((e, i) => {
    const card = tokenHash(e.parsed.transaction.card_id);
    writeVisit(e.event, card, e.identity.eventHash, log, i * VISIT_BYTES);
  });
  return log;
}

/** The ring of those at one merchant or terminal. */
export function ringOf(
  events: readonly CurrentTransaction[],
  at: (e: CurrentTransaction) => boolean,
): Buffer {
  const ring = copyRing(null);
  for (const e of events) if (at(e) && !Number.isNaN(e.amount)) addToRing(ring, e.event.timeMs, e.amount);
  return ring;
}
