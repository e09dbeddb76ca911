import { loadFxTable } from '@fraud/features';
import { type Config, loadConfig } from '@fraud/platform';
import { type LabelledTransaction, mergeByEventTime, openTraffic } from '@fraud/traffic';
import { Command, Option } from 'commander';
import { httpUrl, wholeNumber } from '../argument-parsers.js';
import { waitOption } from '../kafka/wait-option.js';
import { batches } from '../replay/batches.js';
import { engineScorer } from '../replay/engine-scorer.js';
import { httpScorer } from '../replay/http-scorer.js';
import { inOrder } from '../replay/in-order.js';
import { kafkaScorer } from '../replay/kafka-scorer.js';
import { replayReport } from '../replay/replay-report.js';
import { ReplayStats } from '../replay/replay-stats.js';
import type { Scorer, Verdict } from '../replay/scorer.js';
import { DEFINITIONS } from '../report/fraud-report.js';
import { Progress } from '../report/progress.js';
import { stopSignal } from '../stop-signal.js';
import { UserError } from '../user-error.js';

interface Options {
  readonly to?: 'kafka';
  readonly url?: string;
  readonly batch: number;
  readonly underWay: number;
  readonly wait: number;
  readonly limit?: number;
  readonly labels?: true | string;
}

export function replayCommand(): Command {
  return new Command('replay')
    .summary('score recorded traffic through the pipeline, and measure it against labels')
    .description(
      'Scores recorded traffic through the same pipeline as the server, in order of event time: in this process on ' +
        'an empty embedded store, on a server with --url, or by the consumer with --to kafka. Several files are merged ' +
        'by event time.\n\n' +
        'Read are, plain or gzip: the Fraud Detection Handbook (a directory with transactions.csv.gz, or that file), ' +
        'Sparkov CSV, and NDJSON as "simulate --to file" writes it.',
    )
    .argument('[file...]', 'files or Handbook directories')
    .option(
      '--url <url>',
      'score on this server (POST /v1/decisions/batch) instead of in this process',
      httpUrl,
    )
    .addOption(
      new Option('--to <target>', 'send to the topic that the Kafka consumer reads, and read its decisions')
        .choices(['kafka'])
        .conflicts('url'),
    )
    .option(
      '--batch <n>',
      'rows scored together, 500 at most; does not change a decision',
      wholeNumber(1, 500),
      64,
    )
    .option(
      '--under-way <n>',
      'with --to kafka: most rows without a decision',
      wholeNumber(1, 1_000_000),
      20_000,
    )
    .addOption(waitOption())
    .option('--limit <n>', 'stop after so many rows', wholeNumber(1))
    .option(
      '--labels [file]',
      'measure against labels: in the file, beside it, or in the given Handbook labels file',
    )
    .addHelpText(
      'after',
      `\n${KAFKA_NOTE}\n\nROC AUC and average precision are defined as in scikit-learn (ties together).\n${DEFINITIONS}`,
    )
    .action(replay);
}

const KAFKA_NOTE = `With --to kafka, KAFKA_BROKERS names the brokers. The decisions are exactly those of a replay in this process where
the transactions topic has one partition (npm run topics -- --partitions 1) and the consumer's store is empty: cards
keep their order in any number of partitions, the cards of one merchant do not. The delay counts from the moment when a
row was sent, behind up to --under-way others.`;

async function replay(files: string[], options: Options): Promise<void> {
  const config = loadConfig();
  const { paths, labels } = readArguments(files, options.labels ?? false);
  if (typeof labels === 'string' && paths.length > 1)
    throw new UserError('--labels FILE goes with one file only');
  const sources = await Promise.all(paths.map((path) => openTraffic(path, { labels })));
  const scorer = await openScorer(config, options);
  const fx = loadFxTable(config.FX_FILE);
  const stats = new ReplayStats((amount, currency) => fx.convert(amount, currency));
  const stop = stopSignal();
  stop.signal.addEventListener('abort', () => scorer.hurry?.());
  const progress = new Progress(
    sources.reduce((n, s) => n + s.totalBytes, 0),
    options.limit,
  );
  const start = performance.now();
  try {
    const rows = sources.length === 1 ? sources[0]!.rows : mergeByEventTime(sources.map((s) => s.rows));
    const score = (batch: readonly LabelledTransaction[]): Promise<readonly Verdict[]> =>
      scorer.score(batch.map((row) => row.transaction));
    const ended = (): boolean => stop.signal.aborted || scorer.over?.() === true;
    const groups = batches(rows, options.batch, options.limit);
    for await (const [batch, verdicts] of inOrder(groups, batchesUnderWay(options), score, ended)) {
      batch.forEach((row, i) => stats.add(row, verdicts[i]!));
      progress.update(
        batch.length,
        sources.reduce((n, s) => n + s.bytesRead(), 0),
      );
    }
  } finally {
    progress.end();
    stop.forget();
    await scorer.close();
  }
  process.stdout.write(
    `${replayReport(stats, performance.now() - start, labels !== false, scorer.findings?.())}\n`,
  );
  if (stats.tally.decided === 0) throw new UserError('Nothing was decided');
}

/** `--labels` may stand before the only file: then commander takes the file for the option's value. */
function readArguments(
  files: readonly string[],
  labels: boolean | string,
): { paths: readonly string[]; labels: boolean | string } {
  if (files.length > 0) return { paths: files, labels };
  if (typeof labels === 'string') return { paths: [labels], labels: true };
  throw new UserError('Give a file or a Handbook directory to replay');
}

function openScorer(config: Config, { to, url, wait }: Options): Promise<Scorer> {
  if (to === 'kafka') return kafkaScorer(config, wait);
  return url === undefined ? engineScorer(config) : httpScorer(url);
}

/** In this process and over HTTP the next batch goes when the one before is decided. */
const batchesUnderWay = ({ to, underWay, batch }: Options): number =>
  to === 'kafka' ? Math.max(1, Math.floor(underWay / batch)) : 1;
