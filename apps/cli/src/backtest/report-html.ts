import { OUTCOMES } from '@fraud/contract';
import { figure, money, percent, whole } from '../report/table.js';
import { barChart } from '../report/bar-chart.js';
import { escapeHtml, htmlPage, htmlTable } from '../report/html.js';
import { periodsOf, type PeriodEffects } from './plot-periods.js';
import { EFFECT_TEXTS, notes, verdict, WORDS } from './report-text.js';
import type { BacktestSummary, DecidedBy } from './summary.js';

/** The report as one HTML file that needs nothing else. The same summary gives the same bytes. */
export function backtestHtml(summary: BacktestSummary): string {
  const { from, to } = summary;
  const title = `Backtest ${from.slice(0, 10)} – ${to.slice(0, 10)}`;
  const parts = [
    `<h1>${escapeHtml(title)}</h1>`,
    strategies(summary),
    `<p class="verdict">${escapeHtml(verdict(summary)).replaceAll('\n', '<br>')}</p>`,
    tiles(summary),
    '<h2>By time</h2>',
    ...plots(summary),
    '<h2>Decisions</h2>',
    matrices(summary),
    effects(summary),
    ...(summary.known.fraud.count > 0 ? ['<h2>Quality</h2>', quality(summary)] : []),
    ...(summary.scenarios.length > 1 ? [scenarios(summary)] : []),
    '<h2>Notes</h2>',
    `<ul>${notes(summary)
      .map((note) => `<li>${escapeHtml(note)}</li>`)
      .join('')}</ul>`,
    `<p>${escapeHtml(WORDS)}</p>`,
    `<details><summary>Figures by day</summary>${days(summary)}</details>`,
    `<footer>Made ${escapeHtml(summary.made_at)} on ${escapeHtml(summary.source)}.</footer>`,
  ];
  return htmlPage(title, parts);
}

function strategies({ was, would_be }: BacktestSummary): string {
  const row = (name: string, by: DecidedBy | null): string[] =>
    by === null ? [name, 'as recorded', '', ''] : [name, by.model, by.model_sha256, by.policy];
  return htmlTable(
    'What decided, and what would',
    ['', 'model', 'sha256', 'policy'],
    [row('was', was), row('would be', would_be)],
  );
}

function tiles({ judged, changed, fraud_money, legitimate, known }: BacktestSummary): string {
  const tile = (name: string, value: string, more: string): string =>
    `<div class="tile"><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}<small>${escapeHtml(more)}</small></dd></div>`;
  return `<dl class="tiles">${[
    tile(
      'Money saved',
      money(fraud_money.net),
      `${money(fraud_money.saved)} − ${money(fraud_money.let_through)}`,
    ),
    tile(
      'Good customers hit',
      whole(legitimate.hit_customers),
      `${whole(legitimate.hit.count)} transactions, ${money(legitimate.hit.money)}`,
    ),
    tile(
      'Good customers relieved',
      whole(legitimate.relieved_customers),
      `${whole(legitimate.relieved.count)} transactions, ${money(legitimate.relieved.money)}`,
    ),
    tile('Changed decisions', whole(changed), `${percent(changed / judged)} of ${whole(judged)}`),
    tile(
      'Frauds',
      whole(known.fraud.count),
      `${money(known.fraud.money)}; ${whole(known.legitimate.count)} legitimate`,
    ),
  ].join('')}</dl>`;
}

function plots(summary: BacktestSummary): string[] {
  const { unit, periods } = periodsOf(summary.days);
  const labels = periods.map(({ name }) => name);
  const fraud = (pick: (effects: PeriodEffects['effects']['fraud']) => number): number[] =>
    periods.map(({ effects: found }) => pick(found.fraud));
  const legitimate = (pick: (effects: PeriodEffects['effects']['legitimate']) => number): number[] =>
    periods.map(({ effects: found }) => pick(found.legitimate));
  const { fraud_money, legitimate: customers } = summary;
  return [
    barChart({
      id: 'money',
      title: `Money of fraud by ${unit}`,
      description: `Above the line fraud that would now be stopped, ${money(fraud_money.saved)} in all; below it fraud that would not be any more, ${money(fraud_money.let_through)}. The figures stand in the table by day.`,
      labels,
      format: money,
      series: [
        { name: 'newly stopped', style: 'good', side: 'above', values: fraud((e) => e.newly_stopped.money) },
        {
          name: 'no longer stopped',
          style: 'bad',
          side: 'below',
          values: fraud((e) => e.no_longer_stopped.money),
        },
      ],
    }),
    barChart({
      id: 'customers',
      title: `Legitimate transactions by ${unit}`,
      description: `Above the line legitimate transactions that would newly be stopped or challenged, ${whole(customers.hit.count)} in all; below it those that would be relieved, ${whole(customers.relieved.count)}. The figures stand in the table by day.`,
      labels,
      format: whole,
      series: [
        {
          name: 'newly stopped',
          style: 'bad',
          side: 'above',
          values: legitimate((e) => e.newly_stopped.count),
        },
        {
          name: 'newly challenged',
          style: 'bad-lighter',
          side: 'above',
          values: legitimate((e) => e.newly_challenged.count),
        },
        {
          name: 'no longer stopped',
          style: 'good',
          side: 'below',
          values: legitimate((e) => e.no_longer_stopped.count),
        },
        {
          name: 'no longer challenged',
          style: 'good-lighter',
          side: 'below',
          values: legitimate((e) => e.no_longer_challenged.count),
        },
      ],
    }),
  ];
}

function matrices({ matrix, known }: BacktestSummary): string {
  const one = (name: string, key: keyof BacktestSummary['matrix']): string =>
    htmlTable(
      `${name}: what was, by what would be`,
      ['was \\ would be', ...OUTCOMES],
      OUTCOMES.map((was) => [
        was,
        ...OUTCOMES.map((wouldBe) => {
          const { count, money: sum } = matrix[key][was][wouldBe];
          return count === 0 ? '–' : `${whole(count)} (${money(sum)})`;
        }),
      ]),
    );
  return [
    one('All decisions', 'all'),
    ...(known.fraud.count > 0 ? [one('Fraud', 'fraud')] : []),
    ...(known.legitimate.count > 0 ? [one('Legitimate', 'legitimate')] : []),
    ...(known.unknown.count > 0 ? [one('Unknown', 'unknown')] : []),
  ].join('\n');
}

function effects({ effects: found }: BacktestSummary): string {
  const names = Object.keys(EFFECT_TEXTS) as (keyof typeof EFFECT_TEXTS)[];
  return htmlTable(
    'Changes, by what is known of the transactions',
    ['', 'fraud', 'money', 'legitimate', 'money', 'unknown', 'money'],
    names.map((effect) => [
      EFFECT_TEXTS[effect],
      ...[found.fraud, found.legitimate, found.unknown].flatMap((sums) => [
        whole(sums[effect].count),
        money(sums[effect].money),
      ]),
    ]),
  );
}

function quality({ flags, ranking }: BacktestSummary): string {
  const pair = (was: number | null, wouldBe: number | null, format: (value: number) => string): string =>
    `${format(was ?? NaN)} → ${format(wouldBe ?? NaN)}`;
  const { was, would_be, rows } = ranking;
  return [
    htmlTable(
      'Outcomes read as a flag, was → would be',
      ['flag', 'precision', 'recall', 'recall of money', 'false-positive rate'],
      flags.map((flag) => [
        flag.outcomes.join(' or '),
        pair(flag.was.precision, flag.would_be.precision, percent),
        pair(flag.was.recall, flag.would_be.recall, percent),
        pair(flag.was.money_recall, flag.would_be.money_recall, percent),
        pair(flag.was.false_positive_rate, flag.would_be.false_positive_rate, percent),
      ]),
    ),
    htmlTable(
      `Ranking of ${whole(rows)} labelled rows by score, was → would be`,
      ['', 'was → would be'],
      [
        ['ROC AUC', pair(was.roc_auc, would_be.roc_auc, figure)],
        ['average precision', pair(was.average_precision, would_be.average_precision, figure)],
      ],
    ),
  ].join('\n');
}

function scenarios({ scenarios: found }: BacktestSummary): string {
  return htmlTable(
    'Fraud that is stopped, by scenario',
    ['scenario', 'frauds', 'was', 'would be', 'money', 'was', 'would be'],
    found.map(({ scenario, all, was_stopped, would_be_stopped }) => [
      scenario,
      ...[all, was_stopped, would_be_stopped].map(({ count }) => whole(count)),
      ...[all, was_stopped, would_be_stopped].map((sum) => money(sum.money)),
    ]),
  );
}

function days({ days: found }: BacktestSummary): string {
  return htmlTable(
    'By day, UTC',
    ['day', 'decisions', 'changed', 'money saved', 'let through', 'hit', 'relieved'],
    found.map(({ day, judged, changed, effects: { fraud, legitimate } }) => [
      day,
      whole(judged),
      whole(changed),
      money(fraud.newly_stopped.money),
      money(fraud.no_longer_stopped.money),
      whole(legitimate.newly_stopped.count + legitimate.newly_challenged.count),
      whole(legitimate.no_longer_stopped.count + legitimate.no_longer_challenged.count),
    ]),
  );
}
