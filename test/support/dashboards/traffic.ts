import type { Transaction } from '@fraud/contract';
import { simulate } from '@fraud/traffic';

const ROWS = 12_000;

/** Simulated traffic of one stream, in which histories grow: what comes first is never sent twice. */
export class Traffic {
  private readonly rows: readonly Transaction[] = [...simulate({ seed: 41, cards: 400, days: 60 })]
    .slice(0, ROWS)
    .map(({ transaction }) => transaction);
  private sent = 0;

  /** @param more what is other than usual */
  next(count: number, more: (transaction: Transaction) => Partial<Transaction> = () => ({})): Transaction[] {
    const from = this.sent;
    this.sent += count;
    return Array.from({ length: count }, (_, i) => {
      const row = this.rows[(from + i) % ROWS]!;
      return { ...row, transaction_id: `tx-${from + i}`, ...more(row) };
    });
  }
}
