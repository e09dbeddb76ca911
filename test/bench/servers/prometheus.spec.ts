import { describe, expect, it } from 'vitest';
import { MetricsPage } from './prometheus.js';

const page = new MetricsPage(`# HELP messages_total Messages
# TYPE messages_total counter
messages_total{result="decided",app="consumer"} 1200
messages_total{result="replayed",app="consumer"} 3
messages_total_of_others 9
plain 0.5
`);

describe('MetricsPage', () => {
  it('sums a metric over its labels, or over one of them', () => {
    expect(page.sum('messages_total')).toBe(1203);
    expect(page.sum('messages_total', 'result="replayed"')).toBe(3);
    expect(page.sum('plain')).toBe(0.5);
  });

  it('takes what is not there for nothing', () => {
    expect(page.sum('other_total')).toBe(0);
  });
});
