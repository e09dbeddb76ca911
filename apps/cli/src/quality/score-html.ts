import {
  THRESHOLD_NAMES,
  type Calibration,
  type ScoreReport,
  type ThresholdName,
  type WhatIf,
} from '@fraud/records';
import { barChart } from '../report/bar-chart.js';
import { escapeHtml, htmlTable } from '../report/html.js';
import { money } from '../report/table.js';
import { binFigures, CALIBRATION_HEADER, calibrationSentence } from './calibration-table.js';
import { basisText, unknownText } from './score-basis.js';
import { WHAT_IF_HEADER, whatIfFigures, whatIfNotes, whatIfTitle } from './what-if-table.js';

/** Calibration and what-ifs of the report, with plots; or why there are none. */
export function scoreHtml(report: ScoreReport): string[] {
  const { calibration, what_ifs } = report;
  const heading = '<h2>Calibration and thresholds</h2>';
  if (calibration === null || what_ifs === null)
    return [heading, `<p class="verdict">${escapeHtml(unknownText(report) ?? '')}</p>`];
  return [
    heading,
    `<p class="verdict">All figures are ${escapeHtml(basisText(report))}.</p>`,
    '<h3>Calibration</h3>',
    ...calibration.flatMap(calibrationHtml),
    '<h3>What if a threshold were another one</h3>',
    ...whatIfNotes(report, what_ifs).map((note) => `<p>${escapeHtml(note)}</p>`),
    ...THRESHOLD_NAMES.flatMap((name) => [
      htmlTable(whatIfTitle(report, name), WHAT_IF_HEADER, what_ifs.thresholds[name].map(whatIfFigures)),
      whatIfPlot(name, what_ifs.thresholds[name]),
    ]),
  ];
}

function calibrationHtml(of: Calibration, place: number): string[] {
  return [
    htmlTable(calibrationSentence(of), CALIBRATION_HEADER, of.bins.map(binFigures)),
    barChart({
      id: `calibration-${place}`,
      title: `What model ${of.model} said, and what came of it, by score`,
      description:
        'Above the line the fraud rate of each bin of scores, below it the mean score. Where both are as long the scores are probabilities. The figures stand in the table.',
      labels: of.bins.map(({ from, to }) => `${from} – ${to}`),
      format: (share) => `${Number(share.toPrecision(3))} %`,
      series: [
        {
          name: 'fraud rate',
          style: 'bad',
          side: 'above',
          values: of.bins.map(({ fraud_rate }) => 100 * fraud_rate),
        },
        {
          name: 'mean score',
          style: 'good',
          side: 'below',
          values: of.bins.map(({ mean_score }) => 100 * mean_score),
        },
      ],
    }),
  ];
}

const whatIfPlot = (name: ThresholdName, all: readonly WhatIf[]): string =>
  barChart({
    id: `what-if-${name}`,
    title: `Money by the threshold of ${name}`,
    description:
      'Above the line the money of frauds that would have been caught, below it that of legitimate transactions that would have been hit. The figures stand in the table.',
    labels: all.map(({ threshold, in_force }) => `${threshold}${in_force ? ' in force' : ''}`),
    format: money,
    series: [
      { name: 'fraud caught', style: 'good', side: 'above', values: all.map((of) => of.money_caught) },
      {
        name: 'legitimate hit',
        style: 'bad',
        side: 'below',
        values: all.map((of) => of.legitimate_money_hit - of.unlabelled_money_hit),
      },
      {
        name: 'hit, without a label',
        style: 'bad-lighter',
        side: 'below',
        values: all.map((of) => of.unlabelled_money_hit),
      },
    ],
  });
