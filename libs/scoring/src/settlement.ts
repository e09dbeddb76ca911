/** Told, once for each commit, what became of it. */
export interface CommitObserver {
  /** @param outcome `stored`; `lost`, another one had stored a decision; `failed`, the store is away */
  settled(transactionId: string, outcome: CommitOutcome): void;
}

export type CommitOutcome = 'stored' | 'lost' | 'failed';

/** Follows the decisions of one batch on their way to the store. */
export class Settlement implements CommitObserver {
  /** Transactions that were decided here, but another one's decision is the stored one. */
  readonly lost = new Set<string>();
  /** Transactions whose decision could not be stored yet; that is tried further. */
  readonly failed = new Set<string>();
  private expected = 0;
  private atEnd: (() => void) | undefined;

  /** One more commit is on its way. */
  expect(): void {
    this.expected += 1;
  }

  settled(transactionId: string, outcome: CommitOutcome): void {
    if (outcome === 'lost') this.lost.add(transactionId);
    if (outcome === 'failed') this.failed.add(transactionId);
    this.expected -= 1;
    if (this.expected === 0) this.atEnd?.();
  }

  get open(): boolean {
    return this.expected > 0;
  }

  /** Resolves when every commit that is expected by now is settled. */
  async done(): Promise<void> {
    if (this.open) await new Promise<void>((resolve) => (this.atEnd = resolve));
  }
}
