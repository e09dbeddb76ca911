import type { ScoreReport } from '@fraud/records';

/** The weeks that figures of scores are of, and those that they are not; in a sentence. */
export function basisText({ mature_weeks: mature, other_weeks: others }: ScoreReport): string {
  const weeks = mature.length === 1 ? 'the mature week' : `${mature.length} mature weeks,`;
  const to = mature.length === 1 ? '' : ` to ${mature.at(-1)!}`;
  const left =
    others.length === 0 ? '' : `; not of ${others.join(', ')}: fraud of so young a week is not known yet`;
  return `of ${weeks} ${mature[0]!}${to}${left}`;
}

/** Why nothing is said of scores; null where something is. */
export function unknownText({
  not_known,
  other_weeks: others,
  horizon_days: horizon,
}: ScoreReport): string | null {
  if (not_known === null) return null;
  if (not_known === 'no_decisions') return 'Calibration and what-ifs: no decisions.';
  const why =
    not_known === 'too_few_settled_frauds'
      ? `too few frauds of weeks that are ${horizon} days old (--horizon) have labels to say which week is mature`
      : `no week from ${others[0]!} to ${others.at(-1)!} is mature, so its frauds are not known yet`;
  return (
    `Calibration and what-ifs are not known: ${why}.\n` +
    'Older weeks: --from. Which decisions another policy would change, without labels: npm run backtest -- --policy FILE.'
  );
}
