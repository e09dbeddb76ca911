import { OUTCOMES } from '@fraud/contract';
import { figure, money, percent, table, whole } from '../report/table.js';
import type { BacktestSummary, DecidedBy, FlagQuality } from './summary.js';

/** The words of the tables, for help texts. */
export const WORDS = `stopped = review or decline; challenged = step_up. A transaction is counted once: newly stopped (whatever it was before),
no longer stopped, newly challenged (approved before), no longer challenged (approved now).
Money is converted to the reference currency of the fx table; a transaction in an unknown currency is counted, but not in
sums of money.`;

/** What the terminal shows. */
export function backtestText(summary: BacktestSummary): string {
  return [
    heading(summary),
    ...notes(summary),
    `Decisions: what was, by what would be\n${matrixTable(summary)}`,
    `Changes, by what is known of the transactions\n${effectTable(summary)}`,
    verdict(summary),
    ...(summary.known.fraud.count > 0 ? [`Quality, then and now\n${qualityTable(summary)}`] : []),
    ...(summary.scenarios.length > 1 ? [`Fraud that is stopped\n${scenarioTable(summary)}`] : []),
  ].join('\n\n');
}

const named = ({ model, model_sha256, policy }: DecidedBy): string =>
  `model ${model} (${model_sha256}), policy ${policy}`;

function heading({ source, from, to, was, would_be, judged, changed, known }: BacktestSummary): string {
  return [
    `Backtest on ${source}, ${from} – ${to}`,
    `was:       ${was === null ? 'as recorded' : named(was)}`,
    `would be:  ${named(would_be)}`,
    `${whole(judged)} decisions, ${whole(changed)} of them changed (${percent(changed / judged)}); ` +
      `${whole(known.fraud.count)} frauds, ${whole(known.legitimate.count)} legitimate, ${whole(known.unknown.count)} unknown`,
  ].join('\n');
}

/** What a reader should know before believing a figure. */
export function notes(summary: BacktestSummary): string[] {
  const { warm_from, warmed, refused, repeats, late, without_amount, known, judged } = summary;
  const found: string[] = [];
  found.push(
    warm_from === null
      ? 'Histories were empty at the beginning: the first weeks are decided on less than a server knows. --from leaves room to fill them.'
      : `Histories were filled by ${whole(warmed)} transactions from ${warm_from} on.`,
  );
  for (const [code, count] of Object.entries(refused))
    found.push(`${whole(count)} rows were refused: ${code}.`);
  if (repeats > 0) found.push(`${whole(repeats)} rows came before, and are not judged again.`);
  if (late > 0) found.push(`${whole(late)} rows were not in order of time.`);
  if (without_amount > 0)
    found.push(`${whole(without_amount)} transactions are in an unknown currency, and in no sum of money.`);
  if (known.unknown.count > 0 && known.unknown.count < judged)
    found.push(`Of ${whole(known.unknown.count)} transactions it is not known what they were.`);
  return found;
}

function matrixTable({ matrix }: BacktestSummary): string {
  return table([
    ['was \\ would be', ...OUTCOMES],
    ...OUTCOMES.map((was) => [was, ...OUTCOMES.map((wouldBe) => whole(matrix.all[was][wouldBe].count))]),
  ]);
}

/** Effects in the words of reports, the good ones of fraud first. */
export const EFFECT_TEXTS = {
  newly_stopped: 'newly stopped',
  newly_challenged: 'newly challenged',
  no_longer_stopped: 'no longer stopped',
  no_longer_challenged: 'no longer challenged',
} as const;

function effectTable({ effects }: BacktestSummary): string {
  const names = Object.keys(EFFECT_TEXTS) as (keyof typeof EFFECT_TEXTS)[];
  return table([
    ['', 'fraud', 'money', 'legitimate', 'money', 'unknown', 'money'],
    ...names.map((effect) => [
      EFFECT_TEXTS[effect],
      ...[effects.fraud, effects.legitimate, effects.unknown].flatMap((sums) => [
        whole(sums[effect].count),
        money(sums[effect].money),
      ]),
    ]),
  ]);
}

/** The result in two sentences. */
export function verdict({ fraud_money, legitimate }: BacktestSummary): string {
  const { saved, let_through, net } = fraud_money;
  const { hit, hit_customers, relieved, relieved_customers } = legitimate;
  return (
    `Money saved: ${money(net)} (${money(saved)} of fraud would now be stopped, ${money(let_through)} no longer).\n` +
    `Good customers: ${whole(hit.count)} transactions of ${whole(hit_customers)} customers newly challenged or stopped, ` +
    `${whole(relieved.count)} of ${whole(relieved_customers)} relieved.`
  );
}

const FLAGS = ['any friction (step_up or more)', 'stopped (review or more)', 'declined'];

function qualityTable({ flags, ranking }: BacktestSummary): string {
  const cells = (key: keyof FlagQuality): string[] =>
    flags.flatMap(({ was, would_be }) => [percent(was[key] ?? NaN), percent(would_be[key] ?? NaN)]);
  const columns: (keyof FlagQuality)[] = ['precision', 'recall', 'money_recall', 'false_positive_rate'];
  const byFlag = columns.map(cells);
  const rows = flags.flatMap((_, i) => [
    [`${FLAGS[i]!}: was`, ...byFlag.map((column) => column[2 * i]!)],
    [`${' '.repeat(FLAGS[i]!.length)}  would be`, ...byFlag.map((column) => column[2 * i + 1]!)],
  ]);
  const header = ['flag', 'precision', 'recall', 'recall of money', 'false-positive rate'];
  const { was, would_be, rows: ranked } = ranking;
  const order =
    `Ranking of ${whole(ranked)} labelled rows: ROC AUC ${figure(was.roc_auc ?? NaN)}, would be ${figure(would_be.roc_auc ?? NaN)}; ` +
    `average precision ${figure(was.average_precision ?? NaN)}, would be ${figure(would_be.average_precision ?? NaN)}`;
  return `${table([header, ...rows])}\n${order}`;
}

function scenarioTable({ scenarios }: BacktestSummary): string {
  return table([
    ['scenario', 'frauds', 'was', 'would be', 'money', 'was', 'would be'],
    ...scenarios.map(({ scenario, all, was_stopped, would_be_stopped }) => [
      scenario,
      ...[all, was_stopped, would_be_stopped].map(({ count }) => whole(count)),
      ...[all, was_stopped, would_be_stopped].map((sum) => money(sum.money)),
    ]),
  ]);
}
