import * as units from '@grafana/grafana-foundation-sdk/units';
import { METRICS } from '@fraud/platform';
import type { DashboardRow } from './dashboard.js';
import { over, quantile, rate, series } from './promql.js';

export const RECORDS_ROW: DashboardRow = {
  title: 'Records',
  panels: [
    {
      title: 'Records database',
      about: '1: it takes what the spool brings.',
      unit: units.Short,
      queries: [[over('min', METRICS.recordsUp, { by: ['instance'] }), '{{instance}}']],
      as: 'states',
      redBelow: 1,
      width: 12,
      runbook: 'records',
    },
    {
      title: 'Spool',
      about:
        'Share of the room that is used; SpoolGrowing fires above a quarter. At 100 % the policy decides.',
      unit: units.PercentUnit,
      queries: [[`${series(METRICS.spoolBytes)} / ${series(METRICS.spoolLimit)}`, '{{instance}}']],
      red: 0.25,
      width: 12,
      runbook: 'records',
    },
    {
      title: 'Recorded',
      about: 'What the database took, by what it is; aside is what it will never take.',
      unit: units.RowsPerSecond,
      queries: [[rate(METRICS.recordsWritten, { by: ['result'] }), '{{result}}']],
      width: 12,
      runbook: 'records',
    },
    {
      title: 'Time of a write',
      about: 'One batch of the spool.',
      unit: units.Seconds,
      queries: [
        [quantile(0.5, METRICS.recordsWrite), 'p50'],
        [quantile(0.99, METRICS.recordsWrite), 'p99'],
      ],
      width: 12,
    },
  ],
};
