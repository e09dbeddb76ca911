import type { Queried } from './promql.js';

const named = <const Label extends string>(name: string, ...labels: readonly Label[]) =>
  ({ name, labels }) satisfies Queried;

/** What prom-client says of any process, and Prometheus of any target. */
export const DEFAULTS = {
  up: named('up'),
  cpuUser: named('process_cpu_user_seconds_total'),
  cpuSystem: named('process_cpu_system_seconds_total'),
  resident: named('process_resident_memory_bytes'),
  heapUsed: named('nodejs_heap_size_used_bytes'),
  external: named('nodejs_external_memory_bytes'),
  openFiles: named('process_open_fds'),
  startedAt: named('process_start_time_seconds'),
  loopLag: named('nodejs_eventloop_lag_p99_seconds'),
  gc: named('nodejs_gc_duration_seconds', 'kind'),
  resources: named('nodejs_active_resources', 'type'),
};
