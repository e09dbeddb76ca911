import { FeatureStoreUnavailable } from '@fraud/features';
import type { Config } from '@fraud/platform';
import type { DecisionRecord, LabelRecord, RecordsReader } from '@fraud/records';
import type { Warmer } from '@fraud/scoring';
import { openRecords } from '../records/open-records.js';
import { stopSignal } from '../stop-signal.js';
import { UserError } from '../user-error.js';
import { openWarmer, STORE_AWAY } from './open-warmer.js';
import { WARM_BATCH } from './warm-batch.js';
import { warmReport } from './warm-report.js';
import { WarmTally } from './warm-tally.js';

/** Decisions that are read together. */
const ON_A_PAGE = 500;
const SAY_EVERY_MS = 5000;

export interface RebuildOptions {
  /** Decided at or after, ms since the epoch. */
  readonly fromMs: number;
  /** Decided before. */
  readonly toMs?: number | undefined;
}

/**
 * Fills histories from the recorded decisions, in the order in which they were made, which is that of the logs; then what became known of
 * each. Traffic may go on: what is decided meanwhile is known, or comes again and counts once.
 * @throws UserError where there is no Redis to fill, or no records to fill it from
 */
export async function rebuild(config: Config, options: RebuildOptions): Promise<void> {
  const warmer = await openWarmer(config, 'features rebuild');
  const tally = new WarmTally();
  const stop = stopSignal();
  const start = performance.now();
  try {
    const records = await openRecords(config);
    try {
      await fill(records.reader, warmer, options, tally, stop.signal);
    } finally {
      await records.close();
    }
  } catch (cause) {
    if (cause instanceof FeatureStoreUnavailable) throw new UserError(STORE_AWAY, { cause });
    throw cause;
  } finally {
    stop.forget();
    await warmer.close();
  }
  const about = { layout: warmer.layout, withLabels: true, ended: stop.signal.aborted };
  process.stdout.write(`${warmReport(tally, performance.now() - start, about)}\n`);
  if (tally.rows === 0) throw new UserError('No decision is recorded in this time: nothing was filled');
}

async function fill(
  reader: RecordsReader,
  warmer: Warmer,
  { fromMs, toMs }: RebuildOptions,
  tally: WarmTally,
  ended: AbortSignal,
): Promise<void> {
  let cursor: string | null | undefined;
  let saidAt = performance.now();
  while (cursor !== null && !ended.aborted) {
    const page = await reader.page({
      order: 'oldest',
      limit: ON_A_PAGE,
      fromMs,
      ...(toMs !== undefined && { toMs }),
      ...(cursor !== undefined && { cursor }),
    });
    await take(page.records, await reader.labels(page.records.map(idOf)), warmer, tally);
    cursor = page.next;
    if (performance.now() - saidAt < SAY_EVERY_MS) continue;
    saidAt = performance.now();
    process.stderr.write(
      `${tally.rows.toLocaleString('en')} rows, to ${page.records.at(-1)!.decision.decided_at}\n`,
    );
  }
}

async function take(
  records: readonly DecisionRecord[],
  labels: readonly LabelRecord[],
  warmer: Warmer,
  tally: WarmTally,
): Promise<void> {
  // Of several labels the last one holds.
  const fraud = new Map(labels.map((label) => [label.transaction_id, label.fraud]));
  for (let from = 0; from < records.length; from += WARM_BATCH) {
    const some = records.slice(from, from + WARM_BATCH);
    const warmed = await warmer.take(some.map(({ transaction }) => transaction));
    for (const [i, record] of some.entries()) {
      const isFraud = fraud.get(idOf(record)) === true;
      tally.add({ transaction: record.transaction, label: { fraud: isFraud, scenario: null } }, warmed[i]!);
      if (isFraud) tally.addLabel(await warmer.know(record.transaction));
    }
  }
}

const idOf = ({ transaction }: DecisionRecord): string => transaction.transaction_id;
