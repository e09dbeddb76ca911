import { confusionReport, outcomeReport, precisionReport, scenarioReport } from '../report/fraud-report.js';
import { figure, table, whole } from '../report/table.js';
import type { ReplayStats } from './replay-stats.js';

/** The summary of a replay. */
export function replayReport(
  stats: ReplayStats,
  elapsedMs: number,
  withLabels: boolean,
  findings: readonly string[] = [],
): string {
  const { tally } = stats;
  const seconds = elapsedMs / 1000;
  const parts = [
    `Replayed ${whole(stats.rows)} rows in ${seconds.toFixed(1)} s (${whole(stats.rows / seconds)} rows/s): ` +
      `${whole(tally.decided)} decided, ${whole(stats.refusedCount)} refused`,
  ];
  if (stats.refusedCount > 0) {
    parts.push(`Refused\n${table([...stats.refused].map(([code, count]) => [code, whole(count)]))}`);
  }
  if (stats.late > 0) parts.push(`${whole(stats.late)} rows were not in order of event time`);
  parts.push(...findings);
  parts.push(outcomeReport(tally));
  if (withLabels) parts.push(labelReport(stats));
  return parts.join('\n\n');
}

function labelReport(stats: ReplayStats): string {
  const { tally, scored, unscored } = stats;
  if (tally.labelled === 0) return 'None of the decided rows has a label';
  const { rocAuc, averagePrecision } = scored.quality();
  const missing = tally.decided - tally.labelled;
  const notes = [
    missing > 0 ? `${whole(missing)} decided rows have no label` : '',
    unscored > 0 ? `${whole(unscored)} labelled rows have no score and are left out of both figures` : '',
  ].filter((note) => note !== '');
  return [
    `Quality on ${whole(scored.count)} labelled rows\n${table([
      ['ROC AUC', figure(rocAuc)],
      ['average precision', figure(averagePrecision)],
    ])}${notes.map((note) => `\n${note}`).join('')}`,
    `Decisions and labels\n${confusionReport(tally)}`,
    precisionReport(tally),
    scenarioReport(tally),
  ].join('\n\n');
}
