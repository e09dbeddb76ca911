import type { CounterUpdate, CurrentTransaction } from '@fraud/features';

/** What a row adds to the counters of merchant and terminal; nothing where its amount is not known. */
export function counterOf({ parsed, amount, event }: CurrentTransaction): CounterUpdate | null {
  if (Number.isNaN(amount)) return null;
  const { merchant_id, terminal_id } = parsed.transaction;
  return { merchantId: merchant_id, terminalId: terminal_id ?? null, timeMs: event.timeMs, amount };
}
