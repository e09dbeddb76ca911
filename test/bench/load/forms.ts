import type { RandomTransaction } from './transactions.js';

/**
 * How a server wants a transaction written. Its id and its time come first, so that they lie at the same place in every one.
 */
export interface Form {
  readonly path: string;
  readonly timeField: string;
  readonly rest: (transaction: RandomTransaction) => object;
}

export const FORMS = {
  /** This project's, over HTTP and in the topic; the echo gets it too. */
  own: { path: '/v1/decisions', timeField: 'occurred_at', rest: (transaction) => transaction },
  /** The FastAPI peer's: amounts in major units, and a device and an address in every transaction. */
  peer: { path: '/score', timeField: 'timestamp', rest: peerFields },
} as const satisfies Record<string, Form>;
export type FormName = keyof typeof FORMS;

function peerFields({
  card_id,
  merchant_id,
  device_id,
  terminal_id,
  ip,
  amount,
  currency,
}: RandomTransaction) {
  const merchant = Number(merchant_id.slice(-4));
  return {
    card_id,
    merchant_id,
    // A purchase in a shop: its terminal is the device, and the shop has the address.
    device_id: device_id ?? terminal_id,
    ip: ip ?? `10.200.${merchant >> 8}.${merchant & 255}`,
    amount: amount / 100,
    currency,
  };
}
