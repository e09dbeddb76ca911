import { FeatureStoreUnavailable } from '@fraud/features';
import type { Config } from '@fraud/platform';
import { labelledBatches } from '../replay/labelled-batches.js';
import type { RecordedTraffic } from '../replay/recorded-traffic.js';
import { Progress } from '../report/progress.js';
import { stopSignal } from '../stop-signal.js';
import { UserError } from '../user-error.js';
import { openWarmer, STORE_AWAY } from './open-warmer.js';
import { warmReport } from './warm-report.js';
import { WarmTally } from './warm-tally.js';

export interface WarmOptions {
  readonly batch: number;
  readonly limit?: number | undefined;
  /** Null: no fraud becomes known. */
  readonly labelDelayMs: number | null;
}

/**
 * Fills histories from recorded traffic.
 * @throws UserError where there is no Redis to fill
 */
export async function warm(traffic: RecordedTraffic, config: Config, options: WarmOptions): Promise<void> {
  const warmer = await openWarmer(config, '--warm');
  const tally = new WarmTally();
  const stop = stopSignal();
  const progress = new Progress(traffic.totalBytes, options.limit);
  const start = performance.now();
  try {
    const batches = labelledBatches(traffic.rows, options.batch, options.labelDelayMs, options.limit);
    for await (const { rows, known } of batches) {
      for (const { transaction } of known) tally.addLabel(await warmer.know(transaction));
      const warmed = await warmer.take(rows.map((row) => row.transaction));
      rows.forEach((row, i) => tally.add(row, warmed[i]!));
      progress.update(rows.length, traffic.bytesRead());
      if (stop.signal.aborted) break;
    }
  } catch (cause) {
    if (cause instanceof FeatureStoreUnavailable) throw new UserError(STORE_AWAY, { cause });
    throw cause;
  } finally {
    progress.end();
    stop.forget();
    await warmer.close();
  }
  const elapsedMs = performance.now() - start;
  const about = {
    layout: warmer.layout,
    withLabels: options.labelDelayMs !== null,
    ended: stop.signal.aborted,
  };
  process.stdout.write(`${warmReport(tally, elapsedMs, about)}\n`);
  if (tally.rows === tally.refusedCount) throw new UserError('No row could be taken');
}
