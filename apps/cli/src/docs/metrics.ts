import { METRICS, type MetricDeclaration } from '@fraud/platform';
import { code, markdownTable } from './markdown-table.js';

/** Every metric of the product, and the buckets of the histograms. */
export function metricTables(): string {
  const metrics: MetricDeclaration[] = Object.values(METRICS);
  const all = markdownTable(
    ['Metric', 'Kind', 'Labels', 'From', 'What it says'],
    metrics.map(({ name, kind, labels, app, help }) => [
      code(name),
      kind,
      labels.length === 0 ? '–' : labels.map(code).join(', '),
      app ?? 'both',
      help,
    ]),
  );
  const buckets = markdownTable(
    ['Histogram', 'Upper bounds'],
    metrics.flatMap((m) => (m.buckets === undefined ? [] : [[code(m.name), m.buckets.join(', ')]])),
  );
  return `${all}\n\n### Buckets\n\n${buckets}`;
}
