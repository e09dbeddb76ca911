import { table, whole } from '../report/table.js';
import type { WarmTally } from './warm-tally.js';

/** The summary of a warm. */
export function warmReport(
  tally: WarmTally,
  elapsedMs: number,
  { layout, withLabels, ended }: { layout: number; withLabels: boolean; ended: boolean },
): string {
  const seconds = elapsedMs / 1000;
  const { merchants, terminals, frauds, labels, newLabels } = tally;
  const parts = [
    `Warmed layout ${layout} with ${whole(tally.rows)} rows in ${seconds.toFixed(1)} s ` +
      `(${whole(tally.rows / seconds)} rows/s); nothing was decided`,
    table([
      ['new', whole(tally.new)],
      ['known already', whole(tally.known)],
      ['left out', whole(tally.leftOut)],
      ['refused', whole(tally.refusedCount)],
      ...[...tally.refused].map(([code, count]) => [`  ${code}`, whole(count)]),
    ]),
    `The new ones were counted at ${whole(merchants.size)} merchants and ${whole(terminals.size)} terminals`,
  ];
  if (withLabels) {
    parts.push(
      `${whole(labels)} of ${whole(frauds)} frauds became known before the last row, ${whole(newLabels)} of them new to the store`,
    );
  }
  if (tally.leftOut > 0) {
    parts.push(
      'Left out, and not counted: rows as old as what the full log of their card has forgotten. They may have been in it.',
    );
  }
  if (ended) {
    parts.push('Ended early. The same command goes on: what is known already counts no second time.');
  }
  return parts.join('\n\n');
}
