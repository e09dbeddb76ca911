import { FeatureStoreUnavailable } from '@fraud/features';
import type { Config } from '@fraud/platform';
import { Warmer } from '@fraud/scoring';
import { labelledBatches } from '../replay/labelled-batches.js';
import type { RecordedTraffic } from '../replay/recorded-traffic.js';
import { Progress } from '../report/progress.js';
import { stopSignal } from '../stop-signal.js';
import { UserError } from '../user-error.js';
import { warmReport } from './warm-report.js';
import { WarmTally } from './warm-tally.js';

export interface WarmOptions {
  readonly batch: number;
  readonly limit?: number | undefined;
  /** Null: no fraud becomes known. */
  readonly labelDelayMs: number | null;
}

const AWAY = `Redis does not answer. Nothing is lost or counted twice: when it is back, the same command goes on`;

/**
 * Fills histories from recorded traffic.
 * @throws UserError where there is no Redis to fill
 */
export async function warm(traffic: RecordedTraffic, config: Config, options: WarmOptions): Promise<void> {
  const warmer = await openWarmer(config);
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
    if (cause instanceof FeatureStoreUnavailable) throw new UserError(AWAY, { cause });
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

async function openWarmer(config: Config): Promise<Warmer> {
  if (config.FEATURE_STORE === 'memory') {
    throw new UserError(
      '--warm fills a Redis: set REDIS_URL (or REDIS_SENTINELS, REDIS_CLUSTER_NODES) as for the servers, and FEATURE_STORE ' +
        'not to memory. ' +
        'The embedded store would end with this command',
    );
  }
  const warmer = await Warmer.open(config);
  if (await warmer.storeAnswers()) return warmer;
  await warmer.close();
  throw new UserError('--warm fills a Redis, and the one that is configured does not answer');
}
