import type { AlertQuality, Quality, QualityReport, WeekQuality } from '@fraud/records';
import { bar } from '../report/bar.js';
import { money, percent, table, whole } from '../report/table.js';

/** The words of the tables, for the help text. */
export const WORDS = `An alert is any outcome but approve; the second table takes decline alone. A week is that of the transactions, from Monday,
UTC. Money is in whole units of the reference currency.

labels come   share of the week's fraud labels that should have come by now, estimated from how late labels came before.
              "young" stands behind weeks below 95 %, "?" where too few labels are old enough to say
expected      known frauds ÷ that share: how many there will be
precision     frauds ÷ alerts. What has no label counts as legitimate in mature weeks; in others it is unknown, and known
              frauds ÷ alerts is a lower bound: ≥
recall        frauds caught ÷ frauds. In weeks that are not mature of those known so far, of which caught ones come first: ~
false alarms  alerts ÷ decisions, of legitimate transactions

Transactions that were declined are seldom labelled as frauds by anyone: precision is rather too low, and so is recall.`;

/** A report for people. */
export function qualityText(report: QualityReport): string {
  if (report.weeks.length === 0)
    return `No decisions of transactions from ${day(report.from)} to ${day(report.to)} are recorded.`;
  return [
    `Decisions of transactions from ${day(report.from)} to ${day(report.to)}, as of ${report.as_of}`,
    delayText(report),
    '',
    weeks(report),
    '',
    'Alerts: any outcome but approve',
    alerts(report, ({ alerts: { any } }) => any),
    '',
    'Alerts: decline alone',
    alerts(report, ({ alerts: { decline } }) => decline),
  ].join('\n');
}

/** How late labels come, in a sentence. */
export function delayText({ label_delay: delay, horizon_days: horizon }: QualityReport): string {
  if (delay === null)
    return `How late labels come is not known: too few frauds of weeks that are ${horizon} days old (--horizon) have labels.`;
  return `Half of the frauds are known within ${delay.median_days} days, 95 % within ${delay.p95_days} (of ${whole(delay.settled_frauds)} frauds that are ${horizon} days old).`;
}

export const WEEK_HEADER: readonly string[] = [
  'week',
  'decisions',
  'labelled',
  'frauds',
  'expected',
  'fraud money',
];

/** The figures of a week, under WEEK_HEADER. */
export const weekFigures = (week: WeekQuality): string[] => [
  week.week,
  whole(week.decisions),
  percent(week.labelled / week.decisions),
  whole(week.frauds),
  whole(week.expected_frauds ?? NaN),
  money(week.fraud_money),
];

function weeks({ weeks: all }: QualityReport): string {
  return table([
    [...WEEK_HEADER, 'labels come'],
    ...all.map((week) => [...weekFigures(week), maturity(week)]),
  ]);
}

/** As wide in every row. */
function maturity({ maturity: share, mature }: WeekQuality): string {
  if (share === null) return `${'·'.repeat(10)}      ?      `;
  return `${bar(share)} ${percent(share).padStart(7)} ${mature === true ? '     ' : 'young'}`;
}

export const ALERT_HEADER: readonly string[] = [
  'week',
  'alerts',
  'precision',
  'recall',
  'false alarms',
  'money caught',
  'money missed',
];

/** The figures of alerts, under ALERT_HEADER: of each week, and of the mature ones together. */
export function alertFigures(report: QualityReport, of: (quality: Quality) => AlertQuality): string[][] {
  return named(report).map(([name, quality]) => {
    const alert = of(quality);
    const mature = quality.unlabelled === 'legitimate';
    const recall = percent(alert.recall ?? NaN);
    return [
      name,
      whole(alert.alerts),
      mature ? percent(alert.precision ?? NaN) : atLeast(alert.precision_at_least),
      `${mature || alert.recall === null ? '' : '~ '}${recall}`,
      percent(alert.false_positive_rate ?? NaN),
      money(alert.money_caught),
      money(alert.money_missed),
    ];
  });
}

function named({ weeks: all, mature }: QualityReport): [string, Quality][] {
  const each = all.map((week): [string, Quality] => [week.week, week]);
  return mature === null ? each : [...each, [`mature: ${mature.weeks}`, mature]];
}

function alerts(report: QualityReport, of: (quality: Quality) => AlertQuality): string {
  const bars = named(report).map(([, quality]) => bar(of(quality).recall ?? 0));
  return table([
    ALERT_HEADER.toSpliced(4, 0, ''),
    ...alertFigures(report, of).map((figures, i) => figures.toSpliced(4, 0, bars[i]!)),
  ]);
}

const atLeast = (share: number | null): string => (share === null ? '–' : `≥ ${percent(share)}`);
const day = (moment: string): string => moment.slice(0, 10);
