import { identify, type Outcome, type Source, type Transaction } from '@fraud/contract';
import {
  mondayBefore,
  RecordsUnavailable,
  type LabelDelay,
  type LabelEntry,
  type LabelRecord,
  type PendingLabel,
  type QualityCell,
  type QualityData,
  type RecordsReader,
  type RecordsStore,
  type ScoreData,
  type ScoreRange,
} from '@fraud/records';

/** How a decision came about. */
interface Made {
  readonly score?: number;
  readonly source?: Source;
  readonly degraded?: boolean;
  readonly model?: string;
}

interface Decided {
  readonly transaction: Transaction;
  readonly outcome: Outcome;
  readonly made: Made;
  leasedUntil: number;
  applied: boolean | null;
}

type Store = Pick<RecordsReader, 'labels' | 'quality' | 'scores'> &
  Pick<RecordsStore, 'claimLabels' | 'labelsApplied'>;

/** What labels need of the records, in memory: what is appended is in the store at once. */
export class MemoryLabelRecords {
  /** Takes nothing while it is. */
  full = false;
  /** Its store cannot be asked while it is. */
  away = false;
  /** What each `append` was given. */
  readonly writes: string[] = [];
  private readonly decided = new Map<string, Decided>();
  private readonly kept = new Map<string, LabelEntry>();

  append(lines: string): boolean {
    if (this.full) return false;
    this.writes.push(lines);
    for (const line of lines.trimEnd().split('\n')) {
      const entry = JSON.parse(line) as LabelEntry;
      const before = this.kept.get(entry.transaction_id);
      if (before === undefined || Date.parse(before.labelled_at) <= Date.parse(entry.labelled_at))
        this.kept.set(entry.transaction_id, entry);
    }
    return true;
  }

  decide(transaction: Transaction, outcome: Outcome = 'approve', made: Made = {}): void {
    const { decisionId } = identify(transaction);
    this.decided.set(decisionId, { transaction, outcome, made, leasedUntil: 0, applied: null });
  }

  /** What features have been told, by transaction. */
  get applied(): Record<string, boolean | null> {
    return Object.fromEntries(
      [...this.decided.values()].map(({ transaction, applied }) => [transaction.transaction_id, applied]),
    );
  }

  readonly store: Store = {
    claimLabels: (limit, leaseMs) => this.answer(() => this.claim(limit, Date.now() + leaseMs)),
    labelsApplied: (applied) =>
      this.answer(() => {
        for (const { decisionId, fraud } of applied)
          Object.assign(this.decided.get(decisionId)!, { applied: fraud, leasedUntil: 0 });
      }),
    labels: (ids) => this.answer(() => ids.flatMap((id) => this.labelsOf(id))),
    quality: (fromMs, toMs) => this.answer(() => this.qualityOf(fromMs, toMs)),
    scores: (range) => this.answer(() => this.scoresOf(range)),
  };

  private answer<T>(ask: () => T): Promise<T> {
    return this.away ? Promise.reject(new RecordsUnavailable('away')) : Promise.resolve(ask());
  }

  private claim(limit: number, leasedUntil: number): PendingLabel[] {
    const claimed: PendingLabel[] = [];
    for (const [decisionId, decided] of this.decided) {
      const label = this.kept.get(decided.transaction.transaction_id);
      // Legitimate is what features take for granted.
      if (label === undefined || label.fraud === (decided.applied ?? false)) continue;
      if (decided.leasedUntil > Date.now() || claimed.length === limit) continue;
      decided.leasedUntil = leasedUntil;
      claimed.push({ decisionId, transaction: decided.transaction, fraud: label.fraud });
    }
    return claimed;
  }

  private labelsOf(id: string): LabelRecord[] {
    const entry = this.kept.get(id);
    if (entry === undefined) return [];
    const { kind: _, ...label } = entry;
    return [label];
  }

  private qualityOf(fromMs: number, toMs: number): QualityData {
    const cells: QualityCell[] = [];
    const delays: LabelDelay[] = [];
    for (const { transaction, outcome, week, at, label } of this.decidedWithin(fromMs, toMs)) {
      const fraud = label?.fraud ?? null;
      cells.push({ week, outcome, fraud, decisions: 1, amount: transaction.amount });
      if (label?.fraud === true) delays.push({ week, days: daysBetween(at, label), frauds: 1 });
    }
    return { cells, delays };
  }

  private scoresOf({ fromMs, toMs, learnFromMs, edges }: ScoreRange): ScoreData {
    const cells = this.decidedWithin(fromMs, toMs).map(({ transaction, outcome, made, week, label }) => {
      const { score, source = 'model', degraded = false, model = '1.0.0' } = made;
      return {
        week,
        model,
        source,
        degraded,
        bin: score === undefined ? null : edges.filter((edge) => edge <= score).length,
        outcome,
        fraud: label?.fraud ?? null,
        decisions: 1,
        amount: transaction.amount,
        without_amount: 0,
        scores: score ?? 0,
        scores_squared: (score ?? 0) ** 2,
      };
    });
    return { cells, delays: this.qualityOf(learnFromMs, toMs).delays };
  }

  private decidedWithin(fromMs: number, toMs: number) {
    return [...this.decided.values()]
      .map((decided) => {
        const at = Date.parse(decided.transaction.occurred_at);
        const week = new Date(mondayBefore(at)).toISOString().slice(0, 10);
        return { ...decided, at, week, label: this.kept.get(decided.transaction.transaction_id) };
      })
      .filter(({ at }) => at >= fromMs && at < toMs);
  }
}

const daysBetween = (atMs: number, { labelled_at }: LabelEntry): number =>
  Math.floor((Date.parse(labelled_at) - atMs) / 86_400_000);
