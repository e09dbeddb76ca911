/** What a query needs to know of a metric. */
export interface Queried {
  readonly name: string;
  readonly labels: readonly string[];
}

/** Those of the metric itself, that of its buckets, and those that Prometheus gives. */
type LabelOf<M extends Queried> = M['labels'][number] | 'le' | 'job' | 'instance';

interface Chosen<M extends Queried> {
  /** Labels that are kept; by default all series are added up. */
  readonly by?: readonly LabelOf<M>[];
  /** Matchers by label, such as `="5xx"`. */
  readonly where?: Readonly<Partial<Record<LabelOf<M>, string>>>;
}

type Suffix = '' | '_bucket' | '_count' | '_sum';

/** The series of the jobs and instances that are chosen at the head of the dashboard. */
export function series<M extends Queried>(
  { name }: M,
  where?: Chosen<M>['where'],
  suffix: Suffix = '',
): string {
  const matchers = Object.entries({ job: '=~"$job"', instance: '=~"$instance"', ...where });
  return `${name}${suffix}{${matchers.map(([label, matcher]) => `${label}${String(matcher)}`).join(', ')}}`;
}

const grouped = (aggregate: string, by: readonly string[] | undefined, expression: string): string =>
  by === undefined ? `${aggregate}(${expression})` : `${aggregate} by (${by.join(', ')}) (${expression})`;

/** So many a second. */
export const rate = <M extends Queried>(
  metric: M,
  { by, where }: Chosen<M> = {},
  suffix: Suffix = '',
): string => grouped('sum', by, `rate(${series(metric, where, suffix)}[$__rate_interval])`);

/** So many within the time that the dashboard shows. */
export const total = <M extends Queried>(metric: M, { by, where }: Chosen<M> = {}): string =>
  grouped('sum', by, `increase(${series(metric, where)}[$__range])`);

/** A quantile of a histogram. */
export const quantile = <M extends Queried>(q: number, metric: M, { by, where }: Chosen<M> = {}): string =>
  `histogram_quantile(${q}, ${grouped('sum', ['le', ...(by ?? [])], `rate(${series(metric, where, '_bucket')}[$__rate_interval])`)})`;

/** A gauge over instances. */
export const over = <M extends Queried>(
  aggregate: 'sum' | 'max' | 'min',
  metric: M,
  { by, where }: Chosen<M> = {},
): string => grouped(aggregate, by, series(metric, where));

/** The highest that a gauge was since the point before, over instances: what jumps is not missed. */
export const peak = <M extends Queried>(metric: M, { by, where }: Chosen<M> = {}): string =>
  grouped('sum', by, `max_over_time(${series(metric, where)}[$__rate_interval])`);

export const share = (part: string, whole: string): string => `${part} / ${whole}`;
/** Of parts that have labels, of one whole that has none. */
export const shareOfAll = (parts: string, whole: string): string => `${parts} / on () group_left () ${whole}`;
export const plus = (...parts: readonly string[]): string => `(${parts.join(' + ')})`;
