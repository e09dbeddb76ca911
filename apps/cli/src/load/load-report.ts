import { falsePositiveReport, outcomeReport, scenarioReport } from '../report/fraud-report.js';
import { millis, table, whole } from '../report/table.js';
import type { LoadStats } from './load-stats.js';
import type { LoadResult } from './open-loop.js';

/** The summary at the end of a load run. */
export function loadReport(stats: LoadStats, result: LoadResult, eventDays: number): string {
  const { latency, tally } = stats;
  const seconds = result.elapsedMs / 1000;
  const parts = [
    `Sent ${whole(result.sent)} transactions in ${seconds.toFixed(1)} s (${whole(result.sent / seconds)}/s), ` +
      `${eventDays.toFixed(1)} days of event time.${result.exhausted ? ' The simulated period ended before the time.' : ''}`,
    outcomeReport(tally),
    scenarioReport(tally),
    falsePositiveReport(tally),
    `Latency, from the moment each was due\n${table([
      ['p50', 'p90', 'p99', 'p99.9', 'max'].map((name) => name.padStart(8)),
      [50, 90, 99, 99.9]
        .map((p) => millis(latency.percentile(p)))
        .concat(millis(latency.max()))
        .map((text) => text.padStart(8)),
    ])}`,
  ];
  if (result.shed > 0) parts.push(`Not sent because the server was too far behind: ${whole(result.shed)}`);
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
