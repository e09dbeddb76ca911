import type { Decision } from '@fraud/contract';
import type { DecisionReplay } from '@fraud/scoring';
import { UserError } from '../user-error.js';
import type { PastDecision, PastTraffic, PastTransaction } from './past-traffic.js';
import type { Period } from './period.js';
import { pointInTime } from './point-in-time.js';
import { BacktestTally } from './tally.js';

/** After so many judged rows without any label none is expected. */
const LABELS_WITHIN = 100_000;

export interface RunOptions {
  readonly period: Period;
  readonly toReference: (amount: number, currency: string) => number;
  /** What a row must have: else nobody can say what a change saves or costs. */
  readonly needsLabels: boolean;
  readonly show?: (rows: number, atMs: number) => void;
  readonly stopped?: () => boolean;
}

/** What a run has seen. */
export interface Run {
  readonly tally: BacktestTally;
  readonly fromMs: number;
  readonly toMs: number;
  /** Null where nothing lay before the period. */
  readonly warmFromMs: number | null;
  readonly warmed: number;
  /** Rows that came before: not judged again. */
  readonly repeats: number;
  /** Rows that lie before the row in front of them. */
  readonly late: number;
}

/**
 * Runs traffic through a replay and compares. Where rows say what was decided, the replay has one strategy, the candidate; else
 * two, of which the first stands for what was decided.
 * @throws UserError where nothing lies in the period, or nothing is labelled
 */
export async function runBacktest(
  traffic: PastTraffic,
  replay: DecisionReplay,
  options: RunOptions,
): Promise<Run> {
  const { period, toReference, needsLabels, show, stopped } = options;
  const tally = new BacktestTally();
  const all = { first: Infinity, last: -Infinity };
  const judged = { first: Infinity, last: -Infinity };
  let warmFromMs = NaN;
  let warmed = 0;
  let repeats = 0;
  let late = 0;
  let unlabelled = 0;
  const see = ({ atMs }: PastTransaction): void => {
    if (atMs < all.last) late++;
    widen(all, atMs);
  };
  for await (const step of pointInTime(traffic.groups, period, replay.batch, see)) {
    for (const { parsed, fraud } of step.known) await replay.know(parsed, fraud);
    const rows = step.rows.map(({ parsed }) => parsed);
    if (!step.judged) {
      await replay.pass(rows);
      warmed += rows.length;
      if (Number.isNaN(warmFromMs)) warmFromMs = step.rows[0]!.atMs;
    } else {
      const results = await replay.decide(rows);
      for (const [i, row] of step.rows.entries()) {
        const result = results[i]!;
        if (typeof result === 'string') {
          repeats++;
          continue;
        }
        widen(judged, row.atMs);
        if (row.known === 'unknown') unlabelled++;
        const { amount, currency } = row.parsed.transaction;
        const was = row.decided ?? shown(result[0]!);
        tally.add(row, was, shown(result.at(-1)!), toReference(amount, currency));
      }
    }
    show?.(warmed + tally.judged, all.last);
    if (needsLabels && unlabelled >= LABELS_WITHIN && unlabelled === tally.judged)
      throw withoutLabels(unlabelled);
    if (stopped?.() === true) break;
  }
  if (tally.judged === 0) throw new UserError(nothing(all, period));
  if (needsLabels && unlabelled === tally.judged) throw withoutLabels(unlabelled);
  return {
    tally,
    fromMs: judged.first,
    toMs: judged.last,
    warmFromMs: warmed === 0 ? null : warmFromMs,
    warmed,
    repeats,
    late,
  };
}

const shown = ({ decision, score, source }: Decision): PastDecision => ({
  outcome: decision,
  score: score ?? null,
  source,
});

function widen(span: { first: number; last: number }, atMs: number): void {
  if (atMs < span.first) span.first = atMs;
  if (atMs > span.last) span.last = atMs;
}

function nothing({ first, last }: { first: number; last: number }, { fromMs, toMs }: Period): string {
  if (first > last) return 'There is no transaction to judge.';
  const iso = (ms: number): string => new Date(ms).toISOString();
  const asked = `${Number.isFinite(fromMs) ? iso(fromMs) : 'the beginning'} and ${Number.isFinite(toMs) ? iso(toMs) : 'the end'}`;
  return `No transaction lies between ${asked}: there are some from ${iso(first)} to ${iso(last)}. Set --from and --to accordingly.`;
}

function withoutLabels(rows: number): UserError {
  return new UserError(
    `None of ${rows} transactions has a label: nobody can say what a change saves or costs.\n` +
      'Give a file with labels ({"transaction":…,"label":{"fraud":true}} a line, Sparkov, or the Handbook with its labels), ' +
      'or --without-labels to see only which decisions change.',
  );
}
