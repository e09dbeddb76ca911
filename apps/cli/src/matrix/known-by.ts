import type { LabelledTransaction } from '@fraud/traffic';
import type { LabelledTraffic } from './matrix-traffic.js';

/**
 * What was known at a moment: the transactions before it, with those labels that were out by then.
 * @param momentMs epoch milliseconds; traffic from then on is left out
 */
export async function* knownBy(
  traffic: LabelledTraffic,
  momentMs: number,
  labelDelayMs: number,
): AsyncGenerator<LabelledTransaction, void> {
  for await (const row of traffic) {
    const at = Date.parse(row.transaction.occurred_at);
    if (at >= momentMs) return;
    yield at + labelDelayMs <= momentMs ? row : { ...row, label: null };
  }
}
