import type { Transaction } from '@fraud/contract';

let serial = 0;

/** A valid transaction, each time another one. */
export function aTransaction(more: Partial<Transaction> = {}): Transaction {
  serial += 1;
  return {
    // Not in digits: every tenth moment passes for a card number, which logs redact.
    transaction_id: `tx-${process.pid}-${Date.now().toString(36)}-${serial}`,
    occurred_at: '2026-01-05T13:37:00+01:00',
    amount: 4999,
    currency: 'EUR',
    card_id: `card-${serial}`,
    merchant_id: `merchant-${serial}`,
    channel: 'ecommerce',
    country: 'FR',
    ...more,
  };
}

/** Posts JSON; a string goes as it is. */
export function post(url: string, body: unknown, type = 'application/json'): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** The value of a metric's sample, by the text before it; undefined where there is none. */
export function sample(metrics: string, name: string): number | undefined {
  const line = metrics.split('\n').find((l) => l.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}
