import { OUTCOMES } from '@fraud/contract';
import { figure, percent, table, whole } from '../../report/table.js';
import type { Estimate } from './bootstrap.js';
import type { Summary } from './summary.js';

interface Compared {
  readonly uri: string;
  readonly version: string;
  readonly sha256: string;
}

/** The comparison as tables. */
export function comparisonReport(found: Summary & { readonly a: Compared; readonly b: Compared }): string {
  const name = ({ uri, version, sha256 }: Compared): string => `${version} (${sha256.slice(0, 12)}) in ${uri}`;
  const { thresholds, share } = found.agreement;
  return [
    `A is ${name(found.a)}\nB is ${name(found.b)}\n${whole(found.rows)} rows with ${whole(found.frauds)} frauds on ${whole(found.days)} days`,
    `The same outcome for ${percent(share)} of the rows (step_up from ${thresholds.step_up}, review ${thresholds.review}, decline ${thresholds.decline})\n${outcomes(found)}`,
    `Scores of B less those of A: ${figure(found.scoreShift.meanAbsolute)} on average without sign, PSI ${figure(found.scoreShift.psi)}\n${shift(found)}`,
    `Contributions that differ most, mean size in log-odds\n${contributions(found)}`,
    `Quality, with 95 % intervals from a bootstrap over days\n${quality(found)}`,
  ].join('\n\n');
}

function outcomes({ agreement }: Summary): string {
  return table([
    ['A \\ B', ...OUTCOMES],
    ...OUTCOMES.map((a) => [a, ...OUTCOMES.map((b) => whole(agreement.table[a][b]))]),
  ]);
}

function shift({ scoreShift }: Summary): string {
  const { quantiles } = scoreShift;
  return table([
    ['quantile', ...quantiles.map(({ q }) => `${q * 100} %`)],
    ['difference', ...quantiles.map(({ difference }) => figure(difference))],
  ]);
}

function contributions({ contributions: moved }: Summary): string {
  return table([
    ['feature', 'A', 'B', 'difference'],
    ...moved.map(({ feature, a, b, move }) => [feature, figure(a), figure(b), figure(move)]),
  ]);
}

function quality({ quality: found }: Summary): string {
  const cell = ({ value, low, high }: Estimate): string => `${figure(value)} [${figure(low)}, ${figure(high)}]`;
  const row = (title: string, { a, b, difference }: Summary['quality']['auc']): string[] => [
    title,
    cell(a),
    cell(b),
    cell(difference),
  ];
  return table([
    ['', 'A', 'B', 'B less A'],
    row('average precision', found.averagePrecision),
    row('AUC', found.auc),
  ]);
}
