import { apiPerformance } from './api-performance.js';
import { businessMetrics } from './business-metrics.js';
import { buildDashboard, type DashboardDeclaration } from './dashboard.js';
import { infrastructure } from './infrastructure.js';
import { modelPerformance } from './model-performance.js';

/** In the order of docs/runbook.md. */
export const DASHBOARDS: readonly DashboardDeclaration[] = [
  apiPerformance,
  modelPerformance,
  infrastructure,
  businessMetrics,
];

/** Where they lie, from the root of the repository, and what is in them. */
export const dashboardFiles = (): readonly (readonly [path: string, content: string])[] =>
  DASHBOARDS.map((dashboard) => [
    `deploy/grafana/dashboards/${dashboard.uid}.json`,
    `${JSON.stringify(buildDashboard(dashboard), null, 2)}\n`,
  ]);
