import { loadConfig } from '@fraud/platform';
import { Command, Option } from 'commander';
import { duration, httpUrl, wholeNumber } from '../argument-parsers.js';
import { waitOption } from '../kafka/wait-option.js';
import { measure } from '../replay/measure.js';
import { openRecorded } from '../replay/recorded-traffic.js';
import { DEFINITIONS } from '../report/fraud-report.js';
import { UserError } from '../user-error.js';
import { warm } from '../warm/warm.js';
import { WARM_BATCH } from '../warm/warm-batch.js';

const BATCH = 64;

interface Options {
  readonly to?: 'kafka';
  readonly url?: string;
  readonly warm?: true;
  readonly batch?: number;
  readonly underWay: number;
  readonly wait: number;
  readonly limit?: number;
  readonly labels?: true | string;
  readonly labelDelay?: number;
}

export function replayCommand(): Command {
  return new Command('replay')
    .summary('score recorded traffic through the pipeline, and measure it against labels')
    .description(
      'Scores recorded traffic through the same pipeline as the server, in order of event time: in this process on ' +
        'an empty embedded store, on a server with --url, or by the consumer with --to kafka; or, with --warm, fills ' +
        'histories without scoring. Several files are merged by event time.\n\n' +
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
    .addOption(
      new Option(
        '--warm',
        'only fill the histories in the Redis that is configured: no model, no decisions; safe to repeat',
      ).conflicts(['url', 'to']),
    )
    .option(
      '--batch <n>',
      `rows taken together, 500 at most; does not change a decision (default: ${BATCH}, with --warm ${WARM_BATCH})`,
      wholeNumber(1, 500),
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
    .option(
      '--label-delay <duration>',
      'with --labels, in this process or with --warm: frauds become known so long after they happened, and features see that',
      duration,
    )
    .addHelpText(
      'after',
      `\n${WARM_NOTE}\n\n${KAFKA_NOTE}\n\nROC AUC and average precision are defined as in scikit-learn (ties together).\n${DEFINITIONS}`,
    )
    .action(replay);
}

const KAFKA_NOTE = `With --to kafka, KAFKA_BROKERS names the brokers. The decisions are exactly those of a replay in this process where
the transactions topic has one partition (npm run topics -- --partitions 1) and the consumer's store is empty: cards
keep their order in any number of partitions, the cards of one merchant do not. The delay counts from the moment when a
row was sent, behind up to --under-way others.`;

const WARM_NOTE = `With --warm the histories of cards, devices, addresses, merchants and terminals are filled as scoring the rows would
have, also beside live traffic. A row that is known already, from a warm before or from a decision, counts no second time.
A larger --batch is hardly faster and makes live decisions wait. PSEUDONYM_KEY and FX_FILE must be those of the servers.
See docs/operations/histories.md.`;

async function replay(files: string[], options: Options): Promise<void> {
  const config = loadConfig();
  checkLabelDelay(options);
  const traffic = await openRecorded(files, options.labels);
  if (options.warm === true) {
    const { batch = WARM_BATCH, limit, labelDelay = null } = options;
    await warm(traffic, config, { batch, limit, labelDelayMs: labelDelay });
  } else await measure(traffic, config, { ...options, batch: options.batch ?? BATCH });
}

function checkLabelDelay({ warm: warming, labels, labelDelay, to, url }: Options): void {
  if (warming === true && labels !== undefined && labelDelay === undefined)
    throw new UserError(
      '--warm --labels needs --label-delay: how long after a transaction its fraud is known, such as 7d',
    );
  if (labelDelay !== undefined && (labels === undefined || to !== undefined || url !== undefined))
    throw new UserError(
      '--label-delay needs --labels, and works in this process only; a server gets them by `npm run label`',
    );
}
