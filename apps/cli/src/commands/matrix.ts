import { CODED_FIELDS } from '@fraud/contract';
import { DRIFT_FEATURES, LABEL_DELAY_MS } from '@fraud/features';
import { loadConfig } from '@fraud/platform';
import { openFeatureReplay } from '@fraud/scoring';
import { Command, Option } from 'commander';
import { duration, instant, wholeNumber } from '../argument-parsers.js';
import { MOST_CARDS } from '../load/population.js';
import { featureRows } from '../matrix/feature-rows.js';
import { recordedTraffic, simulatedTraffic, type SimulatedPeriod } from '../matrix/matrix-traffic.js';
import { writeMatrix } from '../matrix/write-matrix.js';
import { LiveLine } from '../report/live-line.js';
import { whole } from '../report/table.js';
import { DEMO_SEED, TRAINING_SEED } from '../seeds.js';
import { UserError } from '../user-error.js';

const LINE_EVERY_MS = 5000;

interface Options extends SimulatedPeriod {
  readonly out: string;
  readonly data?: readonly string[];
  readonly labels?: string;
  readonly from?: string;
  readonly until?: string;
  readonly labelDelay: number;
}

export function matrixCommand(): Command {
  return new Command('matrix')
    .summary('write a training matrix: traffic through the feature catalogue')
    .description(
      "Replays simulated or recorded traffic through the pipeline's own features. Writes matrix.parquet (a float32 column for " +
        'each feature, NaN = missing, then label, scenario, currency, country, merchant_category, channel, occurred_at_ms, amount_minor, card_id, transaction_id) ' +
        'and matrix.json, which says how it was made. The first half of the traffic is then replayed once more without anything ' +
        'that came later: a feature whose values change knows the future, and is refused.',
    )
    .requiredOption('--out <dir>', 'directory to write to; made where it does not exist')
    .addOption(
      new Option(
        '--data <path...>',
        'recorded traffic with labels instead of simulated: what "replay" reads, in order of event time',
      ).conflicts(['seed', 'cards', 'days', 'start']),
    )
    .option(
      '--labels <file>',
      'with --data, a Handbook labels file that does not lie beside the transactions',
    )
    .option('--from <date>', 'with --data, only transactions from then on', instant)
    .option('--until <date>', 'with --data, only transactions before', instant)
    .option(
      '--label-delay <duration>',
      'a fraud becomes known so long after it happened',
      duration,
      LABEL_DELAY_MS,
    )
    .option(
      '--seed <n>',
      `seed of the traffic; not the demo seed ${DEMO_SEED}`,
      wholeNumber(0, 2 ** 32 - 1),
      TRAINING_SEED,
    )
    .option('--cards <n>', 'number of cards', wholeNumber(1, MOST_CARDS), 5000)
    .option('--days <n>', 'days of event time', wholeNumber(1, 3660), 60)
    .option('--start <date>', 'first moment of the traffic, ISO 8601', instant, '2026-01-05T00:00:00Z')
    .action(matrix);
}

async function matrix(options: Options): Promise<void> {
  const { out, data, labels, from, until, labelDelay, seed, cards, days, start } = options;
  if (data === undefined && (labels ?? from ?? until) !== undefined)
    throw new UserError('--labels, --from and --until go with --data');
  if (data === undefined && seed === DEMO_SEED) {
    throw new UserError(
      `--seed ${DEMO_SEED} is the demo's: a model trained on it would be shown its own training data`,
    );
  }
  const config = loadConfig();
  const { featureNames, stateFeatures, catalogueVersion } = openFeatureReplay(config);
  const live = new LiveLine();
  const startedAt = performance.now();
  let lineAt = startedAt;
  const written = await writeMatrix(
    out,
    data === undefined
      ? simulatedTraffic({ seed, cards, days, start })
      : recordedTraffic(data, { labels, from, until }),
    {
      names: featureNames,
      rows: (traffic, batch) => featureRows(traffic, openFeatureReplay(config), labelDelay, batch),
    },
    {
      labelDelayMs: labelDelay,
      about: {
        features: featureNames,
        state_features: stateFeatures,
        drift_features: DRIFT_FEATURES,
        drift_categories: CODED_FIELDS,
        catalogue_version: catalogueVersion,
      },
      show: (step, rows) => {
        const now = performance.now();
        if (now < lineAt) return;
        lineAt = now + (live.inPlace ? 500 : LINE_EVERY_MS);
        live.show(`${step}${whole(rows)} rows after ${whole((now - startedAt) / 1000)} s`);
      },
    },
  ).finally(() => live.end());
  process.stdout.write(
    `Wrote ${whole(written.rows)} rows with ${whole(written.frauds)} frauds to ${out}; no feature knows the future\n`,
  );
}
