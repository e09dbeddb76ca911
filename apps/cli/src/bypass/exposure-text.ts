import { OUTCOMES } from '@fraud/contract';
import { bar } from '../report/bar.js';
import { figure, money, percent, table, whole } from '../report/table.js';
import type { Exposure, Sum } from './exposure.js';

const BAR = 30;

/** Money is in the reference currency. */
const MONEY = 'money';

/** For people. */
export function exposureText(exposure: Exposure, decidedBy: string): string {
  const { let_through: all } = exposure;
  const row = (name: string, sum: Sum): string[] => [
    name,
    whole(sum.count),
    percent(sum.count / all.count),
    money(sum.amount),
  ];
  const most = Math.max(...exposure.by_hour.map((hour) => hour.let_through.count));
  const parts = [
    `Let through unscored from ${exposure.from} to ${exposure.to}; what it would have been by ${decidedBy}:`,
    table([
      ['', 'transactions', 'share', MONEY],
      ...OUTCOMES.map((outcome) => row(`would be ${outcome}`, exposure.would_be[outcome])),
      ...(exposure.conflicts.count > 0 ? [row('would be refused (409)', exposure.conflicts)] : []),
      row('all', all),
    ]),
    table([
      ['', 'transactions', 'share', MONEY],
      row('exposure: declined or reviewed', exposure.exposure),
      row('known to be fraud by now', exposure.known_fraud),
      row('stopped before the bypass', exposure.stopped_before),
    ]),
    table([
      ['hour', 'let through', 'exposure', MONEY, ''],
      ...exposure.by_hour.map((hour) => [
        hour.hour.slice(0, 16).replace('T', ' '),
        whole(hour.let_through.count),
        whole(hour.exposure.count),
        money(hour.exposure.amount),
        bar(hour.let_through.count / most, BAR),
      ]),
    ]),
  ];
  if (exposure.riskiest.length > 0) {
    const rows = exposure.riskiest.map(({ transaction_id, would_be, score, amount, reasons }) => [
      transaction_id,
      would_be,
      figure(score),
      amount === null ? '–' : money(amount),
      reasons[0] ?? '',
    ]);
    parts.push(table([['highest scores', 'would be', 'score', MONEY, 'first reason'], ...rows]));
  }
  if (exposure.unknown_currency > 0)
    parts.push(
      `${whole(exposure.unknown_currency)} are in a currency without a rate, and in no sum of money.`,
    );
  return parts.join('\n\n');
}
