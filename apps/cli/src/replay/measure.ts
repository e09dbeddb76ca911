import { loadFxTable } from '@fraud/features';
import type { Config } from '@fraud/platform';
import { Progress } from '../report/progress.js';
import { stopSignal } from '../stop-signal.js';
import { UserError } from '../user-error.js';
import { engineScorer } from './engine-scorer.js';
import { httpScorer } from './http-scorer.js';
import { inOrder } from './in-order.js';
import { kafkaScorer } from './kafka-scorer.js';
import { labelledBatches, type LabelledBatch } from './labelled-batches.js';
import type { RecordedTraffic } from './recorded-traffic.js';
import { replayReport } from './replay-report.js';
import { ReplayStats } from './replay-stats.js';
import type { Scorer, Verdict } from './scorer.js';

export interface MeasureOptions {
  readonly to?: 'kafka' | undefined;
  readonly url?: string | undefined;
  readonly batch: number;
  readonly underWay: number;
  readonly wait: number;
  readonly limit?: number | undefined;
  readonly labelDelay?: number | undefined;
}

/** Scores recorded traffic and says what came of it. */
export async function measure(
  traffic: RecordedTraffic,
  config: Config,
  options: MeasureOptions,
): Promise<void> {
  const scorer = await openScorer(config, options);
  const fx = loadFxTable(config.FX_FILE);
  const stats = new ReplayStats((amount, currency) => fx.convert(amount, currency));
  const stop = stopSignal();
  stop.signal.addEventListener('abort', () => scorer.hurry?.());
  const progress = new Progress(traffic.totalBytes, options.limit);
  const start = performance.now();
  try {
    const score = async ({ rows: batch, known }: LabelledBatch): Promise<readonly Verdict[]> => {
      if (known.length > 0) await scorer.know?.(known);
      return await scorer.score(batch.map((row) => row.transaction));
    };
    const ended = (): boolean => stop.signal.aborted || scorer.over?.() === true;
    const { batch: size, limit, labelDelay = null } = options;
    const groups = labelledBatches(traffic.rows, size, labelDelay, limit);
    for await (const [{ rows: batch }, verdicts] of inOrder(groups, batchesUnderWay(options), score, ended)) {
      batch.forEach((row, i) => stats.add(row, verdicts[i]!));
      progress.update(batch.length, traffic.bytesRead());
    }
  } finally {
    progress.end();
    stop.forget();
    await scorer.close();
  }
  process.stdout.write(
    `${replayReport(stats, performance.now() - start, traffic.withLabels, scorer.findings?.())}\n`,
  );
  if (stats.tally.decided === 0) throw new UserError('Nothing was decided');
}

function openScorer(config: Config, { to, url, wait }: MeasureOptions): Promise<Scorer> {
  if (to === 'kafka') return kafkaScorer(config, wait);
  return url === undefined ? engineScorer(config) : httpScorer(url);
}

/** In this process and over HTTP the next batch goes when the one before is decided. */
const batchesUnderWay = ({ to, underWay, batch }: MeasureOptions): number =>
  to === 'kafka' ? Math.max(1, Math.floor(underWay / batch)) : 1;
