import { OUTCOMES, type Outcome } from '@fraud/contract';
import type { Sum } from '../quality/outcome-tally.js';
import { LEVELS } from '../quality/precision-recall.js';
import { EFFECTS } from './effect.js';
import { KNOWN, type Known } from './past-traffic.js';
import type { BacktestTally, EffectSums, Matrix } from './tally.js';

const DAY_MS = 86_400_000;

/** What decided, or would. */
export interface DecidedBy {
  readonly model: string;
  readonly model_sha256: string;
  readonly policy: string;
}

/** How good it is to read some outcomes as a flag; null where it is not defined. */
export interface FlagQuality {
  readonly precision: number | null;
  readonly recall: number | null;
  readonly money_recall: number | null;
  readonly false_positive_rate: number | null;
}

interface Ranking {
  readonly roc_auc: number | null;
  readonly average_precision: number | null;
}

export interface DayEffects {
  /** `2026-01-05`, UTC. */
  readonly day: string;
  readonly judged: number;
  readonly changed: number;
  readonly effects: Readonly<Record<Known, EffectSums>>;
}

/** What a backtest found; money in reference minor units. */
export interface BacktestSummary {
  readonly made_at: string;
  readonly source: string;
  /** First and last moment of what was judged, RFC 3339. */
  readonly from: string;
  readonly to: string;
  /** First moment of what filled the histories before; null where nothing did. */
  readonly warm_from: string | null;
  /** Null: what was decided is what is recorded. */
  readonly was: DecidedBy | null;
  readonly would_be: DecidedBy;
  readonly judged: number;
  readonly warmed: number;
  readonly changed: number;
  readonly known: Readonly<Record<Known, Sum>>;
  readonly without_amount: number;
  readonly repeats: number;
  readonly late: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly matrix: Readonly<Record<Known | 'all', Matrix>>;
  readonly effects: Readonly<Record<Known, EffectSums>>;
  /** Fraud that would now be stopped, fraud that would not be any more, and what is left of it. */
  readonly fraud_money: { readonly saved: number; readonly let_through: number; readonly net: number };
  /** Legitimate transactions that would fare worse, or better, and whose they are. */
  readonly legitimate: {
    readonly hit: Sum;
    readonly hit_customers: number;
    readonly relieved: Sum;
    readonly relieved_customers: number;
  };
  /** By outcomes that count as a flag: friction, stopped, declined. */
  readonly flags: readonly {
    readonly outcomes: readonly Outcome[];
    readonly was: FlagQuality;
    readonly would_be: FlagQuality;
  }[];
  readonly ranking: { readonly rows: number; readonly was: Ranking; readonly would_be: Ranking };
  readonly scenarios: readonly {
    readonly scenario: string;
    readonly all: Sum;
    readonly was_stopped: Sum;
    readonly would_be_stopped: Sum;
  }[];
  readonly days: readonly DayEffects[];
}

/** What was seen besides decisions. */
export interface Seen {
  readonly madeAt: Date;
  readonly source: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly warmFromMs: number | null;
  readonly warmed: number;
  readonly repeats: number;
  readonly late: number;
  readonly refused: ReadonlyMap<string, number>;
  readonly was: DecidedBy | null;
  readonly wouldBe: DecidedBy;
}

/** The summary of a backtest that has judged something. */
export function summarize(tally: BacktestTally, seen: Seen): BacktestSummary {
  const all = added(KNOWN.map((known) => tally.matrix[known]));
  const days = [...tally.days]
    .toSorted(([a], [b]) => a - b)
    .map(([number, day]) => ({ day: new Date(number * DAY_MS).toISOString().slice(0, 10), ...day }));
  const effects = perKnown((known) => effectsOf(days.map((day) => day.effects[known])));
  const { fraud, legitimate } = effects;
  const hit = plus(legitimate.newly_stopped, legitimate.newly_challenged);
  const relieved = plus(legitimate.no_longer_stopped, legitimate.no_longer_challenged);
  const saved = fraud.newly_stopped.money;
  const letThrough = fraud.no_longer_stopped.money;
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    made_at: seen.madeAt.toISOString(),
    source: seen.source,
    from: iso(seen.fromMs),
    to: iso(seen.toMs),
    warm_from: seen.warmFromMs === null ? null : iso(seen.warmFromMs),
    was: seen.was,
    would_be: seen.wouldBe,
    judged: tally.judged,
    warmed: seen.warmed,
    changed: days.reduce((n, { changed }) => n + changed, 0),
    known: perKnown((known) => sumOf(tally.matrix[known])),
    without_amount: tally.withoutAmount,
    repeats: seen.repeats,
    late: seen.late,
    refused: Object.fromEntries([...seen.refused].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    matrix: { all, ...tally.matrix },
    effects,
    fraud_money: { saved, let_through: letThrough, net: saved - letThrough },
    legitimate: {
      hit,
      hit_customers: tally.hit.size,
      relieved,
      relieved_customers: tally.relieved.size,
    },
    flags: LEVELS.map((outcomes) => ({
      outcomes,
      was: flagQuality(tally, (was) => outcomes.includes(was)),
      would_be: flagQuality(tally, (_, wouldBe) => outcomes.includes(wouldBe)),
    })),
    ranking: {
      rows: tally.scores.was.count,
      was: rankingOf(tally.scores.was.quality()),
      would_be: rankingOf(tally.scores.wouldBe.quality()),
    },
    scenarios: [...tally.scenarios]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([scenario, { all: every, was, wouldBe }]) => ({
        scenario,
        all: every,
        was_stopped: was,
        would_be_stopped: wouldBe,
      })),
    days,
  };
}

function flagQuality(
  { matrix }: BacktestTally,
  flagged: (was: Outcome, wouldBe: Outcome) => boolean,
): FlagQuality {
  const frauds = sumOf(matrix.fraud);
  const legitimate = sumOf(matrix.legitimate);
  const caught = sumOf(matrix.fraud, flagged);
  const falsePositives = sumOf(matrix.legitimate, flagged);
  return {
    precision: ratio(caught.count, caught.count + falsePositives.count),
    recall: ratio(caught.count, frauds.count),
    money_recall: ratio(caught.money, frauds.money),
    false_positive_rate: ratio(falsePositives.count, legitimate.count),
  };
}

function rankingOf({ rocAuc, averagePrecision }: { rocAuc: number; averagePrecision: number }): Ranking {
  return { roc_auc: defined(rocAuc), average_precision: defined(averagePrecision) };
}

/** The sum over the cells that are meant, all by default. */
function sumOf(matrix: Matrix, meant: (was: Outcome, wouldBe: Outcome) => boolean = () => true): Sum {
  const sum = { count: 0, money: 0 };
  for (const was of OUTCOMES) {
    for (const wouldBe of OUTCOMES) {
      if (!meant(was, wouldBe)) continue;
      sum.count += matrix[was][wouldBe].count;
      sum.money += matrix[was][wouldBe].money;
    }
  }
  return sum;
}

function added(matrices: readonly Matrix[]): Matrix {
  const cell = (was: Outcome, wouldBe: Outcome): Sum => plus(...matrices.map((m) => m[was][wouldBe]));
  const row = (was: Outcome): Matrix[Outcome] =>
    Object.fromEntries(OUTCOMES.map((wouldBe) => [wouldBe, cell(was, wouldBe)])) as Matrix[Outcome];
  return Object.fromEntries(OUTCOMES.map((was) => [was, row(was)])) as Matrix;
}

function effectsOf(days: readonly EffectSums[]): EffectSums {
  return Object.fromEntries(
    EFFECTS.map((effect) => [effect, plus(...days.map((day) => day[effect]))]),
  ) as EffectSums;
}

function perKnown<V>(value: (known: Known) => V): Record<Known, V> {
  return Object.fromEntries(KNOWN.map((known) => [known, value(known)])) as Record<Known, V>;
}

const plus = (...sums: readonly Sum[]): Sum => ({
  count: sums.reduce((n, { count }) => n + count, 0),
  money: sums.reduce((n, { money }) => n + money, 0),
});
const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
const defined = (value: number): number | null => (Number.isNaN(value) ? null : value);
