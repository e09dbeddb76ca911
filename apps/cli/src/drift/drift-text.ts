import { leastRows, verdictOf, type Reading } from '@fraud/drift';
import { bar } from '../report/bar.js';
import { figure, percent, table, whole } from '../report/table.js';
import type { DriftSample, DriftSamples } from './drift-sample.js';

/** Calm features of which the bins are shown beside those that drifted: the ones nearest to it. */
const NEAREST = 3;

/** The words of the table, for the help text and the report. */
export const WORDS = `PSI, the population stability index, compares the shares of ten bins of the rows that the model was trained on with those of live rows: 0 = the
same, above 0.1 something moved, above 0.25 a lot. The threshold is 0.1, or what chance alone reaches where there are many bins and
few rows. "missing" holds rows without a value, "other" values outside the range of the training rows; of codes (currency, country,
merchant category, channel) "rare" holds those that were rare then, "unseen" those that did not occur. Columns of more than twenty bins
need 5,000 rows. Features that follow the calendar, or the age of histories, are not watched; degraded, bypassed and repeated
answers are left out. A single hour also differs by its time of day: judge by the day.`;

/** A report for people: the table of each model, and the bins of what drifted. */
export function driftText({ source, models }: DriftSamples): string {
  return [`Drift of ${source}`, ...models.map(modelText)].join('\n\n');
}

/** What came of a model in a sentence. */
export function verdictText({ features }: DriftSample): string {
  const drifted = features.filter(({ verdict }) => verdict === 'drift').length;
  const verdict = verdictOf(features);
  if (verdict === 'drift') return `Drift: ${drifted} of ${features.length} moved beyond their threshold.`;
  if (verdict === 'calm') return `Calm: none of ${features.length} moved beyond its threshold.`;
  const short = features.filter((reading) => reading.verdict === 'insufficient');
  const rows = Math.max(...short.map((reading) => reading.rows));
  const needed = Math.max(...short.map(({ bins }) => leastRows(bins.length)));
  return `Insufficient: ${short.length} of ${features.length} have too few rows to say anything (${whole(rows)} rows; ${whole(needed)} are needed).`;
}

/** The greatest index first. */
export const byIndex = (features: readonly Reading[]): Reading[] =>
  features.toSorted((a, b) => (b.psi ?? -1) - (a.psi ?? -1));

function modelText(sample: DriftSample): string {
  const sorted = byIndex(sample.features);
  const drifted = sorted.filter(({ verdict }) => verdict === 'drift');
  const calm = sorted.filter(({ verdict }) => verdict === 'calm').slice(0, NEAREST);
  return [
    `Model ${sample.model}, trained on ${whole(sample.reference_rows)} rows\n${verdictText(sample)}`,
    table([
      ['feature', 'PSI', 'threshold', 'rows', 'verdict'],
      ...sorted.map(({ feature, psi, threshold, rows, verdict }) => [
        feature,
        figure(psi ?? NaN),
        figure(threshold ?? NaN),
        whole(rows),
        verdict === 'drift' ? 'DRIFT' : verdict,
      ]),
    ]),
    ...[...drifted, ...calm].map(binsText),
  ].join('\n\n');
}

function binsText({ feature, psi, rows, bins }: Reading): string {
  const shown = bins.filter((bin) => bin.expected > 0 || bin.rows > 0);
  const most = Math.max(...shown.map((bin) => Math.max(bin.expected, bin.rows / rows)));
  return table([
    [`${feature}, PSI ${figure(psi ?? NaN)}`, 'trained on', '', 'now', ''],
    ...shown.map((bin) => [
      binName(bin),
      percent(bin.expected),
      bar(bin.expected / most),
      percent(bin.rows / rows),
      bar(bin.rows / rows / most),
    ]),
  ]);
}

/** `4.55 – 7.99`, or its number where the range is not known. */
export function binName({ bin, from, to }: Reading['bins'][number]): string {
  if (from === null && to === null) return bin;
  const edge = (value: number): string => String(Number(value.toPrecision(4)));
  if (from === null) return `below ${edge(to!)}`;
  return to === null ? `${edge(from)} and above` : `${edge(from)} – ${edge(to)}`;
}
