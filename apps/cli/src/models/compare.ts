import { FEATURE_NAMES } from '@fraud/features';
import { loadConfig } from '@fraud/platform';
import { readPolicy } from '@fraud/scoring';
import { requirePeriod } from '../matrix/period.js';
import { LiveLine } from '../report/live-line.js';
import { whole } from '../report/table.js';
import { UserError } from '../user-error.js';
import { Comparison } from './compare/comparison.js';
import { matrixRows } from './compare/matrix-rows.js';
import { comparisonReport } from './compare/report.js';
import { summarize } from './compare/summary.js';
import { simulatedRows } from './compare/simulated-rows.js';
import { modelSource } from './open-model.js';

const DAY_MS = 86_400_000;
const LINE_EVERY_MS = 5000;

interface Options {
  readonly matrix?: string;
  readonly seed: number;
  readonly cards: number;
  readonly days: number;
  readonly start: string;
  readonly warmupDays: number;
  readonly resamples: number;
  readonly json?: true;
}

/** Scores the same rows by two models. */
export async function compare(a: string, b: string, options: Options): Promise<void> {
  const config = loadConfig();
  const { matrix, seed, cards, days, start, warmupDays, resamples } = options;
  if (matrix === undefined) requirePeriod(start, days);
  const { thresholds } = readPolicy(config.POLICY_FILE).content;
  const first = await modelSource(a).load(undefined);
  const second = await modelSource(b).load(undefined);
  const rows =
    matrix === undefined ? simulatedRows(config, { seed, cards, days, start }) : matrixRows(matrix, FEATURE_NAMES);
  const comparison = new Comparison(FEATURE_NAMES.length);
  const live = new LiveLine();
  let lineAt = performance.now();
  let warmUntilMs: number | undefined;
  for await (const batch of rows) {
    warmUntilMs ??= (batch.atMs[0] ?? 0) + warmupDays * DAY_MS;
    const from = batch.atMs.findIndex((at) => at >= warmUntilMs!);
    if (from >= 0) {
      const vectors = batch.vectors.subarray(from * FEATURE_NAMES.length);
      const count = batch.atMs.length - from;
      const scored = [await first.run(vectors, count), await second.run(vectors, count)] as const;
      comparison.add(...scored, batch.frauds.slice(from), batch.atMs.slice(from));
    }
    if (performance.now() < lineAt) continue;
    lineAt = performance.now() + (live.inPlace ? 500 : LINE_EVERY_MS);
    live.show(`${whole(comparison.rows)} rows compared`);
  }
  live.end();
  if (comparison.rows === 0) throw new UserError('no row is left after the warm-up: see --days and --warmup-days');
  const summary = summarize(comparison, { thresholds, features: FEATURE_NAMES, resamples, seed });
  const named = {
    a: { uri: a, version: first.manifest.version, sha256: first.manifest.model.sha256 },
    b: { uri: b, version: second.manifest.version, sha256: second.manifest.model.sha256 },
    on: matrix === undefined ? { seed, cards, days, start, warmup_days: warmupDays } : { matrix, warmup_days: warmupDays },
    ...summary,
  };
  await Promise.all([first.release(), second.release()]);
  process.stdout.write(options.json === true ? `${JSON.stringify(named, null, 2)}\n` : `${comparisonReport(named)}\n`);
}
