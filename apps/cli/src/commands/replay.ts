import { loadFxTable } from '@fraud/features';
import { type Config, loadConfig } from '@fraud/platform';
import { mergeByEventTime, openTraffic } from '@fraud/traffic';
import { Command } from 'commander';
import { httpUrl, wholeNumber } from '../argument-parsers.js';
import { batches } from '../replay/batches.js';
import { engineScorer } from '../replay/engine-scorer.js';
import { httpScorer } from '../replay/http-scorer.js';
import { replayReport } from '../replay/replay-report.js';
import { ReplayStats } from '../replay/replay-stats.js';
import type { Scorer } from '../replay/scorer.js';
import { DEFINITIONS } from '../report/fraud-report.js';
import { Progress } from '../report/progress.js';
import { stopSignal } from '../stop-signal.js';
import { UserError } from '../user-error.js';

interface Options {
  readonly url?: string;
  readonly batch: number;
  readonly limit?: number;
  readonly labels?: true | string;
}

export function replayCommand(): Command {
  return new Command('replay')
    .summary('score recorded traffic through the pipeline, and measure it against labels')
    .description(
      'Scores recorded traffic through the same pipeline as the server, in order of event time: in this process on ' +
        'an empty embedded store, or on a server with --url. Several files are merged by event time.\n\n' +
        'Read are, plain or gzip: the Fraud Detection Handbook (a directory with transactions.csv.gz, or that file), ' +
        'Sparkov CSV, and NDJSON as "simulate --to file" writes it.',
    )
    .argument('[file...]', 'files or Handbook directories')
    .option(
      '--url <url>',
      'score on this server (POST /v1/decisions/batch) instead of in this process',
      httpUrl,
    )
    .option(
      '--batch <n>',
      'rows scored together, 500 at most; does not change a decision',
      wholeNumber(1, 500),
      64,
    )
    .option('--limit <n>', 'stop after so many rows', wholeNumber(1))
    .option(
      '--labels [file]',
      'measure against labels: in the file, beside it, or in the given Handbook labels file',
    )
    .addHelpText(
      'after',
      `\nROC AUC and average precision are defined as in scikit-learn (ties together).\n${DEFINITIONS}`,
    )
    .action(replay);
}

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
  const progress = new Progress(
    sources.reduce((n, s) => n + s.totalBytes, 0),
    options.limit,
  );
  const start = performance.now();
  try {
    const rows = sources.length === 1 ? sources[0]!.rows : mergeByEventTime(sources.map((s) => s.rows));
    for await (const batch of batches(rows, options.batch, options.limit)) {
      const verdicts = await scorer.score(batch.map((row) => row.transaction));
      batch.forEach((row, i) => stats.add(row, verdicts[i]!));
      progress.update(
        batch.length,
        sources.reduce((n, s) => n + s.bytesRead(), 0),
      );
      if (stop.signal.aborted) break;
    }
  } finally {
    progress.end();
    stop.forget();
    await scorer.close();
  }
  process.stdout.write(`${replayReport(stats, performance.now() - start, labels !== false)}\n`);
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

function openScorer(config: Config, { url }: Options): Promise<Scorer> {
  return url === undefined ? engineScorer(config) : httpScorer(url);
}
