import { METRICS, type MetricDeclaration } from '@fraud/platform';
import { namesIn } from './names-in.js';

const declared: readonly MetricDeclaration[] = Object.values(METRICS);

/** The product's own metrics that a query asks for; a histogram by any of its three series. */
function declaredIn(expression: string): readonly MetricDeclaration[] {
  const names = namesIn(expression);
  return declared.filter(({ name, kind }) =>
    kind === 'histogram'
      ? ['_bucket', '_count', '_sum'].some((suffix) => names.includes(name + suffix))
      : names.includes(name),
  );
}

/** What a panel says of itself: what its dashboard says, and the help of its metrics. */
export function explain({
  about,
  queries,
}: {
  readonly about: string;
  readonly queries: readonly (readonly [expression: string, legend: string])[];
}): string {
  const metrics = new Set(queries.flatMap(([expression]) => declaredIn(expression)));
  return [about, ...[...metrics].map(({ name, help }) => `- \`${name}\`: ${help}`)].join('\n');
}
