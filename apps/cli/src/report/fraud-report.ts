import { OUTCOMES } from '@fraud/contract';
import { type OutcomeSums, type OutcomeTally, total } from '../quality/outcome-tally.js';
import { LEVELS, operatingPoint } from '../quality/precision-recall.js';
import { money, percent, table, whole } from './table.js';

/** The words of the tables, for help texts. */
export const DEFINITIONS = `stopped = decline or review; challenged = step_up; missed = approve, on a fraudulent transaction.
A false positive is a genuine transaction that was not approved. Money is converted to the reference currency of the
fx table; a transaction in an unknown currency is counted, but not in sums of money.`;

/** Decisions by outcome, with their sources. */
export function outcomeReport(tally: OutcomeTally): string {
  const rows = OUTCOMES.map((outcome) => {
    const { count, money: sum } = tally.all[outcome];
    return [outcome, whole(count), percent(count / tally.decided), money(sum)];
  });
  const sources = [...tally.sources].map(([source, count]) => `${source} ${whole(count)}`).join(', ');
  const degraded = tally.degraded === 0 ? '' : `; degraded ${whole(tally.degraded)}`;
  return `Decisions (by ${sources || 'nothing'}${degraded})\n${table([['outcome', 'count', 'share', 'money'], ...rows])}`;
}

/** Caught and missed fraud by scenario, by count and by money. */
export function scenarioReport(tally: OutcomeTally): string {
  if (tally.frauds.size === 0) return 'Fraud: none among the decided transactions';
  const row = (name: string, sums: OutcomeSums): string[] => {
    const all = total(sums);
    const stopped = total(sums, ['review', 'decline']);
    const { step_up, approve } = sums;
    return [
      name,
      ...[all, stopped, step_up, approve].map((s) => whole(s.count)),
      percent(stopped.count / all.count),
      ...[all, stopped, step_up, approve].map((s) => money(s.money)),
      percent(stopped.money / all.money),
    ];
  };
  const columns = ['stopped', 'challenged', 'missed', 'stopped %'];
  const scenarios = [...tally.frauds].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `Fraud, by count and then by money\n${table([
    ['scenario', 'count', ...columns, 'money', ...columns],
    ...scenarios.map(([name, sums]) => row(name, sums)),
    ...(scenarios.length > 1 ? [row('all', tally.allFrauds())] : []),
  ])}`;
}

/** Genuine transactions that were not approved. */
export function falsePositiveReport(tally: OutcomeTally): string {
  const genuine = total(tally.genuine);
  const stopped = total(tally.genuine, ['review', 'decline']);
  const { step_up } = tally.genuine;
  return `False positives: ${whole(stopped.count)} of ${whole(genuine.count)} genuine transactions stopped (${percent(
    stopped.count / genuine.count,
  )}), ${whole(step_up.count)} challenged (${percent(step_up.count / genuine.count)})`;
}

/** Decisions against labels. */
export function confusionReport(tally: OutcomeTally): string {
  const frauds = tally.allFrauds();
  return table([
    ['decision', 'genuine', 'fraud', 'genuine money', 'fraud money'],
    ...OUTCOMES.map((o) => [
      o,
      whole(tally.genuine[o].count),
      whole(frauds[o].count),
      money(tally.genuine[o].money),
      money(frauds[o].money),
    ]),
  ]);
}

/** Precision and recall of each way to read a decision as a flag. */
export function precisionReport(tally: OutcomeTally): string {
  const names = ['any friction (step_up or more)', 'stopped (review or more)', 'declined'];
  const rows = LEVELS.map((outcomes, i) => {
    const point = operatingPoint(tally, outcomes);
    return [
      names[i]!,
      percent(point.precision),
      percent(point.recall),
      percent(point.moneyRecall),
      percent(point.falsePositiveRate),
    ];
  });
  return table([['flag', 'precision', 'recall', 'recall of money', 'false-positive rate'], ...rows]);
}
