import { LABEL_DELAY_MS } from '@fraud/features';
import { Command, Option } from 'commander';
import { duration, instant } from '../argument-parsers.js';
import { backtest, type BacktestOptions } from '../backtest/backtest.js';
import { WARMUP_MS } from '../backtest/period.js';
import { WORDS } from '../backtest/report-text.js';

/** Chargebacks come within it, but for a few. */
const MATURITY_MS = 45 * 86_400_000;

export function backtestCommand(): Command {
  return new Command('backtest')
    .summary('replay the past through another model, another policy or both, and compare the decisions')
    .description(
      'Takes past traffic point in time through features, model and policy together, by the pipeline that serves, and compares ' +
        'with what was decided: which decisions change, how much fraud is stopped that was not, and which good customers are ' +
        'hit or relieved, by day.\n\n' +
        'Without a file it takes the recorded decisions, and compares with what was decided; files are those that "replay" ' +
        'reads, and are compared with the model and the policy that are configured.',
    )
    .argument('[file...]', 'files or Handbook directories, in order of event time')
    .option('--from <date>', 'judge transactions from then on (default: all of them)', instant)
    .option('--to <date>', 'judge transactions before', instant)
    .addOption(
      new Option('--warmup <duration>', 'so long before --from transactions only fill the histories')
        .argParser(duration)
        .default(WARMUP_MS, '38d'),
    )
    .option(
      '--model <version>',
      'a version at MODEL_URI, or a directory or s3://bucket/prefix that holds a model',
    )
    .option('--policy <file>', 'a policy.yaml')
    .option('--labels <file>', 'a Handbook labels file that does not lie beside the transactions')
    .option('--without-labels', 'show which decisions change, of files that have no labels')
    .addOption(
      new Option('--label-delay <duration>', 'of files: a fraud becomes known so long after it happened')
        .argParser(duration)
        .default(LABEL_DELAY_MS, '7d'),
    )
    .addOption(
      new Option(
        '--maturity <duration>',
        'of records: what was let through, and of which nothing is known after so long, counts as legitimate',
      )
        .argParser(duration)
        .default(MATURITY_MS, '45d'),
    )
    .option('--html <file>', 'write a report with plots, in one file')
    .option('--json', 'print JSON instead of text')
    .addHelpText('after', `\n${WORDS}`)
    .action((files: string[], options: BacktestOptions) => backtest(files, options));
}
