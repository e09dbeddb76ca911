import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LABEL_DELAY_MS } from '@fraud/features';
import { loadConfig } from '@fraud/platform';
import { openFeatureReplay } from '@fraud/scoring';
import { simulate } from '@fraud/traffic';
import { Command } from 'commander';
import { instant, wholeNumber } from '../argument-parsers.js';
import { MOST_CARDS } from '../load/population.js';
import { ParquetMatrix } from '../matrix/parquet-matrix.js';
import { requirePeriod } from '../matrix/period.js';
import { labelledBatches } from '../replay/labelled-batches.js';
import { LiveLine } from '../report/live-line.js';
import { whole } from '../report/table.js';
import { DEMO_SEED, TRAINING_SEED } from '../seeds.js';
import { UserError } from '../user-error.js';

const BATCH = 256;
const LINE_EVERY_MS = 5000;

interface Options {
  readonly out: string;
  readonly seed: number;
  readonly cards: number;
  readonly days: number;
  readonly start: string;
}

export function matrixCommand(): Command {
  return new Command('matrix')
    .summary('write a training matrix: simulated traffic through the feature catalogue')
    .description(
      "Replays simulated traffic through the pipeline's own features; a fraud becomes known seven days after it happened. Writes matrix.parquet (a float32 column for each " +
        'feature, NaN = missing, then label, scenario, occurred_at_ms, amount_minor, card_id, transaction_id) and ' +
        'matrix.json, which says how it was made.',
    )
    .requiredOption('--out <dir>', 'directory to write to; made where it does not exist')
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

async function matrix({ out, seed, cards, days, start }: Options): Promise<void> {
  if (seed === DEMO_SEED) {
    throw new UserError(
      `--seed ${DEMO_SEED} is the demo's: a model trained on it would be shown its own training data`,
    );
  }
  requirePeriod(start, days);
  const replay = openFeatureReplay(loadConfig());
  await mkdir(out, { recursive: true });
  const file = new ParquetMatrix(join(out, 'matrix.parquet'), replay.featureNames);
  const live = new LiveLine();
  const startedAt = performance.now();
  let lineAt = startedAt;
  const traffic = simulate({ seed, cards, days, start });
  for await (const { rows, known } of labelledBatches(traffic, BATCH, LABEL_DELAY_MS)) {
    for (const { transaction } of known) await replay.know(transaction);
    const vectors = await replay.vectors(rows.map((row) => row.transaction));
    for (const [i, row] of rows.entries()) await file.add(row, vectors[i]!);
    const now = performance.now();
    if (now < lineAt) continue;
    lineAt = now + (live.inPlace ? 500 : LINE_EVERY_MS);
    live.show(`${whole(file.rows)} rows, ${whole((file.rows * 1000) / Math.max(1, now - startedAt))} rows/s`);
  }
  live.end();
  await file.close();
  const description = {
    features: replay.featureNames,
    state_features: replay.stateFeatures,
    catalogue_version: replay.catalogueVersion,
    rows: file.rows,
    frauds: file.frauds,
    seed,
    days,
    cards,
    start,
  };
  await writeFile(join(out, 'matrix.json'), `${JSON.stringify(description, null, 2)}\n`);
  process.stdout.write(`Wrote ${whole(file.rows)} rows with ${whole(file.frauds)} frauds to ${out}\n`);
}
