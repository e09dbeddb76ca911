import { parseTransaction, type ErrorCode } from '@fraud/contract';
import {
  forgottenUntilMs,
  isPastVisit,
  LAYOUT_VERSION,
  loadFxTable,
  Pseudonyms,
  toCurrent,
  type CurrentTransaction,
  type FeatureStore,
  type FxTable,
  type StateOfRow,
  type StateRead,
} from '@fraud/features';
import type { Config } from '@fraud/platform';
import { applyLabel } from './apply-label.js';
import { CommitQueue } from './commit-queue.js';
import { counterOf } from './counter-of.js';
import { openStore } from './open-store.js';
import { foldRepeats } from './fold-repeats.js';
import { toReads } from './to-reads.js';
import { untilTaken } from './until-taken.js';

/** Longest wait for one exchange: nobody waits for an answer. */
const TIMEOUT_MS = 5000;
/** So long a store may be away. */
const PATIENCE_MS = 30_000;

/**
 * What became of a row: new to the histories; known, so it left no trace; left out, since its card's log has lost events of
 * its time and it may have been one of them; or not valid.
 */
export type Warmed = 'new' | 'known' | 'left_out' | { readonly refused: ErrorCode };

/**
 * Fills histories from recorded traffic, as scoring would leave them, but decides nothing. A transaction moves counters in the
 * step that appends it to its card's log, and none that is in there or may have been: so whatever is repeated,
 * interrupted or decided meanwhile, nothing counts twice.
 */
export class Warmer {
  constructor(
    private readonly store: FeatureStore,
    private readonly fx: FxTable,
    private readonly pseudonyms: Pseudonyms,
    private readonly futureSkewMs: number,
  ) {}

  /** @throws ConfigError */
  static async open(config: Config): Promise<Warmer> {
    const fx = loadFxTable(config.FX_FILE);
    // Calls that fail say so themselves.
    const { store } = await openStore(config, { failed: () => undefined });
    return new Warmer(store, fx, new Pseudonyms(config.PSEUDONYM_KEY), config.FUTURE_SKEW_S * 1000);
  }

  /** The layout that is filled. */
  get layout(): number {
    return LAYOUT_VERSION;
  }

  /** True when the feature store answers. */
  storeAnswers(): Promise<boolean> {
    return this.store.ping(TIMEOUT_MS);
  }

  /**
   * Takes rows, in order of event time.
   * @throws FeatureStoreUnavailable where the store stays away
   */
  async take(bodies: readonly unknown[]): Promise<readonly Warmed[]> {
    const parsed = bodies.map((body) => this.parse(body));
    const valid = parsed.filter((p) => p.ok);
    const { rows, firstOf } = foldRepeats(valid.map((p) => toCurrent(p, this.fx)));
    const warmed = await this.record(rows);
    let next = 0;
    let seen = -1;
    return parsed.map((p): Warmed => {
      if (!p.ok) return { refused: p.code };
      const place = firstOf[next++]!;
      if (place <= seen) return 'known';
      seen = place;
      return warmed[place]!;
    });
  }

  /**
   * Notes that a transaction is known to be a fraud.
   * @returns whether that was new; false too where the transaction is not valid
   * @throws FeatureStoreUnavailable where the store stays away
   */
  async know(body: unknown): Promise<boolean> {
    const parsed = this.parse(body);
    if (!parsed.ok) return false;
    const commits = new CommitQueue(this.store, () => undefined);
    return await untilTaken(() => applyLabel(parsed, true, { store: this.store, commits }), PATIENCE_MS);
  }

  close(): Promise<void> {
    return this.store.close();
  }

  /** As a server would: an event of the future would hide the present from counters. */
  private parse(body: unknown): ReturnType<typeof parseTransaction> {
    return parseTransaction(body, '', Date.now() + this.futureSkewMs);
  }

  private async record(rows: readonly CurrentTransaction[]): Promise<Warmed[]> {
    const reads = toReads(rows, this.pseudonyms);
    const before = await untilTaken(() => this.store.look(reads, TIMEOUT_MS), PATIENCE_MS);
    const warmed = rows.map((row, i) => classify(row, before[i]!));
    const fresh = [...rows.keys()].filter((i) => warmed[i] === 'new');
    const appends = fresh.map((i) => toAppend(reads[i]!, before[i]!, rows[i]!));
    const { states } = await untilTaken(() => this.store.exchange(appends, [], TIMEOUT_MS), PATIENCE_MS);
    // Decided since the look, by a server beside.
    for (const [n, i] of fresh.entries()) if (isKnown(states[n]!)) warmed[i] = 'known';
    return warmed;
  }
}

function classify(row: CurrentTransaction, state: StateOfRow): Warmed {
  if (isKnown(state)) return 'known';
  return row.event.timeMs <= forgottenUntilMs(state.cardLog) ? 'left_out' : 'new';
}

const isKnown = ({ stored, repeated }: StateOfRow): boolean => stored !== null || repeated;

function toAppend(read: StateRead, { deviceLog, ipLog }: StateOfRow, row: CurrentTransaction): StateRead {
  return {
    ...read,
    deviceId: isPastVisit(deviceLog, read.visit) ? null : read.deviceId,
    ipHash: isPastVisit(ipLog, read.visit) ? null : read.ipHash,
    counter: counterOf(row),
  };
}
