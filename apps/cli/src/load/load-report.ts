import { falsePositiveReport, outcomeReport, scenarioReport } from '../report/fraud-report.js';
import { latencyTable } from '../report/latency-table.js';
import { table, whole } from '../report/table.js';
import type { LoadStats } from './load-stats.js';
import type { LoadTarget } from './load-target.js';
import type { LoadResult } from './open-loop.js';

/** The summary at the end of a load run. */
export function loadReport(
  stats: LoadStats,
  result: LoadResult,
  eventDays: number,
  words: LoadTarget['words'],
): string {
  const { latency, tally } = stats;
  const sending = result.sendingMs / 1000;
  const answering = stats.lastAnswerMs / 1000;
  const parts = [
    `Sent ${whole(result.sent)} transactions in ${sending.toFixed(1)} s (${whole(result.sent / sending)}/s), ` +
      `${eventDays.toFixed(1)} days of event time.${result.exhausted ? ' The simulated period ended before the time.' : ''}` +
      (tally.decided > 0
        ? `\nDecided ${whole(tally.decided)} in ${answering.toFixed(1)} s (${whole(tally.decided / answering)}/s)`
        : ''),
    outcomeReport(tally),
    scenarioReport(tally),
    falsePositiveReport(tally),
    latencyTable(words.latency, latency),
  ];
  if (result.shed > 0) parts.push(`${words.shed}: ${whole(result.shed)}`);
  if (stats.failed > 0) {
    const rows = [...stats.errors].map(([code, count]) => [code, whole(count)]);
    parts.push(`Errors\n${table(rows)}`);
  }
  if (stats.repeats > 0) {
    parts.push(
      `${whole(stats.repeats)} answers were stored decisions of an earlier run with the same options (same ids). ` +
        'Another --seed makes new traffic.',
    );
  }
  return parts.join('\n\n');
}
