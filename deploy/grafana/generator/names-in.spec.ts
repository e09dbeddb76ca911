import { expect, it } from 'vitest';
import { namesIn } from './names-in.js';

it.each([
  ['sum by (le, stage) (rate(a_bucket{job=~"$job", stage="x"}[5m]))', ['a_bucket']],
  ['topk(15, fraud:drift_score:1d)', ['fraud:drift_score:1d']],
  ['sum by (m) (a:b > bool on (m, f) c:d) / on () group_left () sum(e)', ['a:b', 'c:d', 'e']],
  ['3600 * sum(rate(a{d="review"}[$__rate_interval])) / a', ['a']],
])('names in %s', (query, names) => {
  expect(namesIn(query)).toEqual(names);
});
