import {
  THRESHOLD_NAMES,
  type ScoreReport,
  type ThresholdName,
  type WhatIf,
  type WhatIfs,
} from '@fraud/records';
import { money, percent, table, whole } from '../report/table.js';
import { basisText } from './score-basis.js';
import { SELECTIVE_LABELS } from './score-words.js';

export const WHAT_IF_HEADER: readonly string[] = [
  'threshold',
  'alerts',
  'frauds caught',
  'money caught',
  'money missed',
  'legitimate',
  'their money',
  'unlabelled',
  'precision',
  'recall',
  'false alarms',
  '± caught',
  '± legitimate',
];

/** What other thresholds would have stopped, for people. */
export function whatIfText(report: ScoreReport): string {
  const found = report.what_ifs;
  if (found === null) return '';
  return [
    [`What if a threshold were another one, ${basisText(report)}`, ...whatIfNotes(report, found)].join('\n'),
    ...THRESHOLD_NAMES.map((name) => `${whatIfTitle(report, name)}\n${whatIfTable(found.thresholds[name])}`),
  ].join('\n\n');
}

/** `Alerts: review or more, by score (in force: 0.7)` */
export function whatIfTitle({ thresholds }: ScoreReport, name: ThresholdName): string {
  const outcomes = name === 'decline' ? 'decline' : `${name} or more`;
  return `Alerts: ${outcomes}, by the threshold of ${name} (in force: ${thresholds[name]})`;
}

/** What a reader should know before believing a figure. */
export function whatIfNotes({ policy }: ScoreReport, found: WhatIfs): string[] {
  const { decisions, frauds, unmoved, declined_unlabelled: declined, decided_otherwise: otherwise } = found;
  const models = Object.entries(found.models).map(([model, count]) => `${model} (${whole(count)})`);
  const apart = unmoved.map(
    ({ source, degraded, ...of }) =>
      `${whole(of.decisions)} by ${source}${degraded ? ', degraded' : ''} (${whole(of.frauds)} frauds of ${money(of.fraud_money)}, ` +
      `${whole(of.alerts.step_up)} alerts${of.without_amount === 0 ? '' : `, ${whole(of.without_amount)} in an unknown currency`})`,
  );
  return [
    `${whole(decisions)} decisions by score, of model ${models.join(', ') || '–'}; ${whole(frauds)} frauds of ${money(found.fraud_money)}. Policy in force: ${policy}.`,
    ...(apart.length === 0 ? [] : [`Apart, whatever the thresholds are: ${apart.join('; ')}.`]),
    ...(otherwise === 0
      ? []
      : [
          `${whole(otherwise)} were decided otherwise then than the thresholds in force say: by another policy, or a guard.`,
        ]),
    `${whole(declined)} were declined and have no label (${money(found.declined_unlabelled_money)}).\n${SELECTIVE_LABELS}`,
  ];
}

/** The figures of an alternative, under WHAT_IF_HEADER. */
export const whatIfFigures = (of: WhatIf): string[] => [
  `${of.threshold}${of.in_force ? ' in force' : ''}${of.in_order ? '' : ' *'}`,
  whole(of.alerts),
  whole(of.frauds_caught),
  money(of.money_caught),
  money(of.money_missed),
  whole(of.legitimate_hit),
  money(of.legitimate_money_hit),
  percent(of.unlabelled_hit / of.legitimate_hit),
  percent(of.precision ?? NaN),
  percent(of.recall ?? NaN),
  percent(of.false_positive_rate ?? NaN),
  of.in_force ? '' : signed(of.difference.money_caught),
  of.in_force ? '' : signed(of.difference.legitimate_money_hit),
];

function whatIfTable(all: readonly WhatIf[]): string {
  const note = all.some(({ in_order }) => !in_order)
    ? '\n* a policy takes it only with another threshold moved as well'
    : '';
  return `${table([[...WHAT_IF_HEADER], ...all.map(whatIfFigures)])}${note}`;
}

const signed = (minor: number): string => (minor > 0 ? `+${money(minor)}` : money(minor).replace('-', '−'));
