import { EFFECTS } from './effect.js';
import { KNOWN } from './past-traffic.js';
import type { DayEffects } from './summary.js';

/** Bars that a plot has room for. */
const MOST_BARS = 92;
const DAY_MS = 86_400_000;
/** 1970-01-05, a Monday. */
const MONDAY = 4;

export interface PeriodEffects {
  readonly name: string;
  readonly effects: DayEffects['effects'];
}

/** What plots show: days, or weeks from Monday where there are too many days. Periods in which nothing was decided are there, too. */
export function periodsOf(days: readonly DayEffects[]): {
  readonly unit: 'day' | 'week';
  readonly periods: readonly PeriodEffects[];
} {
  const numbers = days.map(({ day }) => Date.parse(day) / DAY_MS);
  const first = numbers[0] ?? 0;
  const last = numbers.at(-1) ?? first - 1;
  const unit = last - first < MOST_BARS ? 'day' : 'week';
  const length = unit === 'day' ? 1 : 7;
  const start = unit === 'day' ? first : first - ((((first - MONDAY) % 7) + 7) % 7);
  const periods: { name: string; effects: Effects }[] = [];
  for (let at = start; at <= last; at += length)
    periods.push({ name: new Date(at * DAY_MS).toISOString().slice(0, 10), effects: nothing() });
  for (const [i, { effects }] of days.entries()) {
    const period = periods[Math.floor((numbers[i]! - start) / length)]!;
    for (const known of KNOWN) {
      for (const effect of EFFECTS) {
        period.effects[known][effect].count += effects[known][effect].count;
        period.effects[known][effect].money += effects[known][effect].money;
      }
    }
  }
  return { unit, periods };
}

type Effects = { -readonly [K in keyof DayEffects['effects']]: DayEffects['effects'][K] };

function nothing(): Effects {
  const sums = (): Effects['fraud'] =>
    Object.fromEntries(EFFECTS.map((effect) => [effect, { count: 0, money: 0 }])) as Effects['fraud'];
  return { fraud: sums(), legitimate: sums(), unknown: sums() };
}
