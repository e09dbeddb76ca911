import type { Transaction } from '@fraud/contract';

/** What is known afterwards about one transaction. Never shown to the engine. */
export interface FraudLabel {
  readonly fraud: boolean;
  /** Name of the fraud scenario, null for genuine traffic or where the source does not say. */
  readonly scenario: string | null;
}

/** A transaction beside its label; `label` is null where the source has none. */
export interface LabelledTransaction {
  readonly transaction: Transaction;
  readonly label: FraudLabel | null;
}
