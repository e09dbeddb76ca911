/** One metric: its exposition, and what a reader of a dashboard needs to know. */
export interface MetricDeclaration {
  readonly name: string;
  readonly kind: 'histogram' | 'counter' | 'gauge';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds, histograms only. */
  readonly buckets?: readonly number[];
  /** The one application that has it; both where it is not said. */
  readonly app?: 'api' | 'consumer';
  /** Made by who measures it, and absent where there is nothing to measure. */
  readonly optional?: true;
}
