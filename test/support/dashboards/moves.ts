import type { Shown } from './panels.js';

/** What a query of a panel shows when that happens which it is there to show. */
export interface Move {
  /** What happens. */
  readonly when: string;
  readonly seen: (after: Shown, before: Shown) => boolean;
  /** In words, for whoever reads that it did not. */
  readonly how: string;
}

type Named = (when: string, series?: string) => Move;

/** @param seen how a number moves; NaN where there was nothing */
const moves =
  (how: string, seen: (after: number, before: number) => boolean): Named =>
  (when, series = '') => ({
    when,
    how: `${series} ${how}`,
    seen: (after, before) => seen(valueOf(after, series), valueOf(before, series)),
  });

/** A fifth more than before, and more than nothing. */
export const rises = moves('rises', (after, before) => after > Math.max(0, before || 0) * 1.2);
/** A little more than before: memory. */
export const grows = moves('grows', (after, before) => after > before * 1.02);
/** Less than before by a fifth. */
export const falls = moves('falls', (after, before) => after < before * 0.8);
/** Is there, where it was not. */
export const appears = moves('appears', (after, before) => !Number.isNaN(after) && Number.isNaN(before));
/** Comes to a value, which it was not before. */
export const comesTo = (value: number, when: string, series = ''): Move => {
  const near = (found: number): boolean => Math.abs(found - value) < 0.02 * value;
  return moves(`comes to ${value}`, (after, before) => near(after) && !near(before))(when, series);
};
/** Shows other series than before: another version, another instance. */
export const changes = (when: string): Move => ({
  when,
  how: 'changes',
  seen: (after, before) => [...after.keys()].some((labels) => !before.has(labels)),
});

/** Is there for comparison: a bound, or what was in training. */
export const stays = (when: string): Move => ({ when, how: 'stays', seen: () => true });

/** The sum of the series that have these labels; NaN where there is none. */
function valueOf(shown: Shown, labels: string): number {
  const asked = labels.split(' ').filter((label) => label !== '');
  const found = [...shown].filter(([having]) => asked.every((label) => having.split(' ').includes(label)));
  return found.length === 0 ? NaN : found.reduce((sum, [, value]) => sum + value, 0);
}
