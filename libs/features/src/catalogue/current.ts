import { identify, type Identity, type ParsedTransaction } from '@fraud/contract';
import type { FxTable } from '../fx.js';
import { toCardEvent, type CardEvent } from '../state/card-event.js';

/** A valid transaction made ready for features: hashed, converted, its event encoded once. */
export interface CurrentTransaction {
  readonly parsed: ParsedTransaction;
  readonly identity: Identity;
  readonly event: CardEvent;
  /** Reference minor units; NaN for an unknown currency. */
  readonly amount: number;
}

/** Hashes and converts one transaction. */
export function toCurrent(parsed: ParsedTransaction, fx: FxTable): CurrentTransaction {
  const t = parsed.transaction;
  const amount = fx.convert(t.amount, t.currency);
  return { parsed, identity: identify(t), event: toCardEvent(t, parsed.occurredAtMs, amount), amount };
}
