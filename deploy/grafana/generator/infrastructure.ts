import * as units from '@grafana/grafana-foundation-sdk/units';
import { METRICS } from '@fraud/platform';
import type { DashboardDeclaration } from './dashboard.js';
import { DEFAULTS } from './defaults.js';
import { KAFKA_ROW } from './kafka-row.js';
import { over, plus, rate } from './promql.js';
import { RECORDS_ROW } from './records-row.js';
import { REDIS_ROW } from './redis-row.js';

const BY_INSTANCE = { by: ['instance'] } as const;

export const infrastructure: DashboardDeclaration = {
  uid: 'fraud-infrastructure',
  title: 'Infrastructure',
  about: 'The processes, and what they stand on: Redis, Kafka, the records database.',
  rows: [
    {
      title: 'Processes',
      panels: [
        {
          title: 'Instances',
          about: '1: answers its scrapes; InstanceDown fires where one does not for a minute.',
          unit: units.Short,
          queries: [[over('max', DEFAULTS.up, BY_INSTANCE), '{{instance}}']],
          as: 'states',
          redBelow: 1,
          runbook: '3-high-error-rate',
        },
        {
          title: 'CPU',
          about:
            'Cores, of the system too. A process decides on one core; the records have a thread of their own.',
          unit: units.Short,
          queries: [
            [
              plus(rate(DEFAULTS.cpuUser, BY_INSTANCE), rate(DEFAULTS.cpuSystem, BY_INSTANCE)),
              '{{instance}}',
            ],
          ],
        },
        {
          title: 'Memory',
          about: 'Resident, and what of it the heap of V8 uses.',
          unit: units.BytesIEC,
          queries: [
            [over('sum', DEFAULTS.resident, BY_INSTANCE), '{{instance}}'],
            [over('sum', DEFAULTS.heapUsed, BY_INSTANCE), 'heap of {{instance}}'],
          ],
        },
        {
          title: 'Network',
          about: 'Of the network namespace: of the pod on Kubernetes, else of the machine.',
          unit: units.BytesPerSecondIEC,
          queries: [
            [rate(METRICS.networkReceived, BY_INSTANCE), 'to {{instance}}'],
            [rate(METRICS.networkSent, BY_INSTANCE), 'from {{instance}}'],
          ],
        },
        {
          title: 'Open sockets',
          about: 'Of callers, Redis, Kafka and the database.',
          unit: units.Short,
          queries: [
            [
              over('sum', DEFAULTS.resources, { by: ['instance'], where: { type: '="TCPSocketWrap"' } }),
              '{{instance}}',
            ],
          ],
        },
        {
          title: 'Event loop and garbage collection',
          about: 'p99 of the delay of the event loop; share of the time that is spent collecting.',
          unit: units.Seconds,
          queries: [
            [over('max', DEFAULTS.loopLag, BY_INSTANCE), 'delay, {{instance}}'],
            [rate(DEFAULTS.gc, BY_INSTANCE, '_sum'), 'collecting, {{instance}}'],
          ],
          runbook: '1-high-latency',
        },
        {
          title: 'Nobody waits for',
          about: '1: it failed too often in a row, and is only probed.',
          unit: units.Short,
          queries: [
            [
              over('max', METRICS.breakerOpen, { by: ['instance', 'dependency'] }),
              '{{dependency}}, {{instance}}',
            ],
          ],
          as: 'states',
          red: 1,
        },
      ],
    },
    REDIS_ROW,
    KAFKA_ROW,
    RECORDS_ROW,
  ],
};
