import * as units from '@grafana/grafana-foundation-sdk/units';
import { METRICS } from '@fraud/platform';
import type { DashboardDeclaration } from './dashboard.js';
import { over, peak, plus, quantile, rate, share } from './promql.js';
import { RECORDED } from './recorded.js';

const { requests, overloadRefused, requestLatency, stageLatency } = METRICS;
const SINGLE = { where: { route: '="/v1/decisions"' } } as const;
/** Of the objective: docs/runbook.md. */
const OBJECTIVE_SECONDS = 0.02;

export const apiPerformance: DashboardDeclaration = {
  uid: 'fraud-api-performance',
  title: 'API Performance',
  about: 'Requests for decisions: how many, how fast, how many fail.',
  rows: [
    {
      title: 'Request rate',
      panels: [
        {
          title: 'Requests',
          about: 'Answered requests by route and class of the status.',
          unit: units.RequestsPerSecond,
          queries: [[rate(requests, { by: ['route', 'status'] }), '{{route}} {{status}}']],
        },
        {
          title: 'Decisions',
          about:
            'Transactions that were decided, over HTTP and Kafka; LowThroughput fires below 100 a second.',
          unit: units.OpsPerSecond,
          queries: [[rate(METRICS.decisions, { by: ['job'] }), '{{job}}']],
          runbook: 'low-throughput',
        },
        {
          title: 'Repeats',
          about: 'Many mean that callers lose answers, or retry too early.',
          unit: units.OpsPerSecond,
          queries: [[rate(METRICS.replayed), 'repeats']],
        },
      ],
    },
    {
      title: 'Latency',
      panels: [
        {
          title: 'Latency of a decision',
          about: 'Single decisions. HighLatency fires when p99 is above 20 ms for five minutes.',
          unit: units.Seconds,
          queries: [
            [quantile(0.5, requestLatency, SINGLE), 'p50'],
            [quantile(0.95, requestLatency, SINGLE), 'p95'],
            [quantile(0.99, requestLatency, SINGLE), 'p99'],
          ],
          red: OBJECTIVE_SECONDS,
          runbook: '1-high-latency',
        },
        {
          title: 'Latency of a batch',
          about: 'Batches of up to 500 transactions; there is no objective for them.',
          unit: units.Seconds,
          queries: [
            [quantile(0.5, requestLatency, { where: { route: '="/v1/decisions/batch"' } }), 'p50'],
            [quantile(0.99, requestLatency, { where: { route: '="/v1/decisions/batch"' } }), 'p99'],
          ],
        },
        {
          title: 'Slower than 20 ms',
          about:
            'Share of single decisions, by which the 30-day budget of 1 % is used up; LatencyBudgetBurnFast fires where both are above 14.4 %.',
          unit: units.PercentUnit,
          queries: [
            [RECORDED.slow5m, '5 minutes'],
            [RECORDED.slow1h, '1 hour'],
          ],
          red: 0.144,
          runbook: '1-high-latency',
        },
        {
          title: 'Latency by stage (p99)',
          about: 'queue: the event loop is busy; state: Redis is slow; model: a model is.',
          unit: units.Seconds,
          queries: [[quantile(0.99, stageLatency, { by: ['stage'] }), '{{stage}}']],
          width: 12,
          runbook: '1-high-latency',
        },
        {
          title: 'Transactions a turn',
          about: 'More come together where there is more to do.',
          unit: units.Short,
          queries: [
            [quantile(0.5, METRICS.turnSize), 'p50'],
            [quantile(0.99, METRICS.turnSize), 'p99'],
          ],
          width: 12,
        },
      ],
    },
    {
      title: 'Errors',
      panels: [
        {
          title: 'Failed or refused unread',
          about: 'Share of the requests for decisions. HighErrorRate fires above 1 % for five minutes.',
          unit: units.PercentUnit,
          queries: [
            [
              share(
                plus(rate(requests, { where: { status: '="5xx"' } }), rate(overloadRefused)),
                plus(rate(requests), rate(overloadRefused)),
              ),
              'failed',
            ],
          ],
          red: 0.01,
          runbook: '3-high-error-rate',
        },
        {
          title: 'Errors by code',
          about: 'All codes, those of callers too; docs/errors.md says how often each is expected.',
          unit: units.OpsPerSecond,
          queries: [[rate(METRICS.errors, { by: ['code'] }), '{{code}}']],
          runbook: '3-high-error-rate',
        },
        {
          title: 'Degraded decisions',
          about: 'What answers went without, and say so.',
          unit: units.OpsPerSecond,
          queries: [[rate(METRICS.degraded, { by: ['cause'] }), '{{cause}}']],
          runbook: 'fail-open',
        },
      ],
    },
    {
      title: 'Overload',
      panels: [
        {
          title: 'Under way',
          about: 'The most at a scrape, beside what may be: beyond that for 100 ms, requests are refused.',
          unit: units.Short,
          queries: [
            [peak(METRICS.requestsUnderWay, { by: ['instance'] }), '{{instance}}'],
            [over('sum', METRICS.overloadLimit, { by: ['instance'] }), 'limit of {{instance}}'],
          ],
          width: 12,
        },
        {
          title: 'Refused unread',
          about: 'Scale where this stays.',
          unit: units.RequestsPerSecond,
          queries: [[rate(overloadRefused, { by: ['instance'] }), '{{instance}}']],
          width: 12,
          runbook: '3-high-error-rate',
        },
      ],
    },
  ],
};
