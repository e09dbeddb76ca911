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
    delays(report),
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

function delays({ label_delay: delay, horizon_days: horizon }: QualityReport): string {
  if (delay === null)
    return `How late labels come is not known: too few frauds of weeks that are ${horizon} days old (--horizon) have labels.`;
  return `Half of the frauds are known within ${delay.median_days} days, 95 % within ${delay.p95_days} (of ${whole(delay.settled_frauds)} frauds that are ${horizon} days old).`;
}

function weeks({ weeks: all }: QualityReport): string {
  return table([
    ['week', 'decisions', 'labelled', 'frauds', 'expected', 'fraud money', 'labels come'],
    ...all.map((week) => [
      week.week,
      whole(week.decisions),
      percent(week.labelled / week.decisions),
      whole(week.frauds),
      whole(week.expected_frauds ?? NaN),
      money(week.fraud_money),
      maturity(week),
    ]),
  ]);
}

/** As wide in every row. */
function maturity({ maturity: share, mature }: WeekQuality): string {
  if (share === null) return `${'·'.repeat(10)}      ?      `;
  return `${bar(share)} ${percent(share).padStart(7)} ${mature === true ? '     ' : 'young'}`;
}

function alerts(report: QualityReport, of: (quality: Quality) => AlertQuality): string {
  const row = (name: string, quality: Quality): string[] => {
    const alert = of(quality);
    const mature = quality.unlabelled === 'legitimate';
    const recall = percent(alert.recall ?? NaN);
    return [
      name,
      whole(alert.alerts),
      mature ? percent(alert.precision ?? NaN) : atLeast(alert.precision_at_least),
      `${mature || alert.recall === null ? '' : '~ '}${recall}`,
      bar(alert.recall ?? 0),
      percent(alert.false_positive_rate ?? NaN),
      money(alert.money_caught),
      money(alert.money_missed),
    ];
  };
  const { mature } = report;
  return table([
    ['week', 'alerts', 'precision', 'recall', '', 'false alarms', 'money caught', 'money missed'],
    ...report.weeks.map((week) => row(week.week, week)),
    ...(mature === null ? [] : [row(`mature: ${mature.weeks}`, mature)]),
  ]);
}

const atLeast = (share: number | null): string => (share === null ? '–' : `≥ ${percent(share)}`);
const day = (moment: string): string => moment.slice(0, 10);
