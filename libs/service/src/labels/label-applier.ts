import { setTimeout as sleep } from 'node:timers/promises';
import { parseTransaction, type ErrorCode } from '@fraud/contract';
import { RecordsUnavailable, type AppliedLabel, type PendingLabel } from '@fraud/records';
import type { Engine } from '@fraud/scoring';
import type { LabelRecords } from './label-records.js';

/** Claimed at a time: told within a fraction of the lease, one after the other, so that live traffic hardly notices. */
const MOST = 200;
const LEASE_MS = 30_000;
const EVERY_MS = 1000;

export interface LabelApplierOptions {
  readonly leaseMs?: number;
  readonly everyMs?: number;
}

/**
 * Tells features what became known of decided transactions: what the records know and features do not, every second, and at
 * once while there is more. One process gets a label at a time; what it cannot tell, because Redis is away or it ends, anyone
 * gets after the lease. A label that is told twice has its effect once.
 */
export class LabelApplier {
  private readonly leaseMs: number;
  private readonly everyMs: number;
  private readonly closing = new AbortController();
  private running: Promise<void> = Promise.resolve();

  /** @param failed told how many labels have to be told again, and why */
  constructor(
    private readonly records: Pick<LabelRecords['store'], 'claimLabels' | 'labelsApplied'>,
    private readonly engine: Pick<Engine, 'applyLabel'>,
    private readonly failed: (code: ErrorCode, labels: number, cause: unknown) => void,
    { leaseMs = LEASE_MS, everyMs = EVERY_MS }: LabelApplierOptions = {},
  ) {
    this.leaseMs = leaseMs;
    this.everyMs = everyMs;
  }

  start(): void {
    this.running = this.run();
  }

  /** Finishes the label under way, and tells the records of those that were told. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      const more = await this.once().catch((cause: unknown) => {
        // Who writes the records says that they are away.
        if (!(cause instanceof RecordsUnavailable)) this.failed('internal_error', 1, cause);
        return false;
      });
      if (!more) await sleep(this.everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** @returns whether there may be more to do right now */
  private async once(): Promise<boolean> {
    const until = Date.now() + this.leaseMs / 2;
    const claimed = await this.records.claimLabels(MOST, this.leaseMs);
    const told: AppliedLabel[] = [];
    for (const label of claimed) {
      // Well before another process may have it: two that tell at the same time could end with the older truth.
      if (this.closing.signal.aborted || Date.now() > until) break;
      if (!(await this.tell(label, claimed.length - told.length))) break;
      const { decisionId, fraud } = label;
      told.push({ decisionId, fraud, appliedAt: new Date().toISOString() });
    }
    if (told.length > 0) await this.records.labelsApplied(told);
    return claimed.length > 0 && told.length === claimed.length;
  }

  /** @param left labels of this claim that have not been told, this one included */
  private async tell({ transaction, fraud }: PendingLabel, left: number): Promise<boolean> {
    const parsed = parseTransaction(transaction);
    if (!parsed.ok) {
      // It was valid when it was decided. Trying again would not help, and nobody else could tell it either.
      this.failed(
        'internal_error',
        1,
        new Error('a recorded transaction is not valid, its label has no effect'),
      );
      return true;
    }
    try {
      await this.engine.applyLabel(parsed, fraud);
      return true;
    } catch (cause) {
      this.failed('label_not_applied', left, cause);
      return false;
    }
  }
}
