import type { Calibration, CalibrationBin, ScoreReport } from '@fraud/records';
import { bar } from '../report/bar.js';
import { figure, percent, table, whole } from '../report/table.js';
import { basisText } from './score-basis.js';

export const CALIBRATION_HEADER: readonly string[] = [
  'score',
  'decisions',
  'frauds',
  'mean score',
  'fraud rate',
  '95 % interval',
  'scores are',
  'declined unlabelled',
];

/** Scores against what came of them, for people. */
export function calibrationText(report: ScoreReport): string {
  const models = report.calibration ?? [];
  return [
    `Calibration, ${basisText(report)}`,
    ...(models.length === 0 ? ['No decision of these weeks was made by the score of a model.'] : []),
    ...models.map((model) => `${calibrationSentence(model)}\n${binTable(model)}`),
  ].join('\n\n');
}

/** A model in a sentence. */
export function calibrationSentence(of: Calibration): string {
  const skill = of.brier_skill === null ? '' : `, skill ${percent(of.brier_skill)}`;
  return (
    `Model ${of.model}: ${whole(of.frauds)} frauds among ${whole(of.decisions)} decisions, where its scores add up to ` +
    `${whole(of.expected_frauds)}; error ${figure(of.expected_calibration_error)}, Brier score ${figure(of.brier_score)}${skill}`
  );
}

/** The figures of a bin, under CALIBRATION_HEADER. */
export const binFigures = (bin: CalibrationBin): string[] => [
  `${bin.from} – ${bin.to}`,
  whole(bin.decisions),
  whole(bin.frauds),
  percent(bin.mean_score),
  percent(bin.fraud_rate),
  `${percent(bin.fraud_rate_low)} – ${percent(bin.fraud_rate_high)}`,
  judgement(bin),
  whole(bin.declined_unlabelled),
];

function judgement({ mean_score, fraud_rate_low, fraud_rate_high }: CalibrationBin): string {
  if (mean_score > fraud_rate_high) return 'too high';
  return mean_score < fraud_rate_low ? 'too low' : '';
}

function binTable({ bins }: Calibration): string {
  const withBars = (figures: readonly string[], score: string, rate: string): string[] =>
    figures.toSpliced(5, 0, rate).toSpliced(4, 0, score);
  return table([
    withBars(CALIBRATION_HEADER, '', ''),
    ...bins.map((bin) => withBars(binFigures(bin), bar(bin.mean_score), bar(bin.fraud_rate))),
  ]);
}
