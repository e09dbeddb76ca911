import { readingOf, type Bin } from '@fraud/drift';
import { METRICS } from '@fraud/platform';
import { Pool } from 'undici';
import { UserError } from '../user-error.js';
import { WINDOW_WORDS, type DriftSamples, type SampleWindow } from './drift-sample.js';

const { driftRows, driftExpected, driftReference } = METRICS;
const BY_BIN = 'sum by (model, feature, bin)';

interface Series {
  readonly metric: { readonly model?: string; readonly feature?: string; readonly bin?: string };
  readonly value: readonly [number, string];
}

/**
 * What all instances together saw, as Prometheus has it.
 * @throws UserError where it does not answer, or knows nothing of drift
 */
export async function driftFromPrometheus(url: string, window: SampleWindow): Promise<DriftSamples> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: 1 });
  const ask = async (query: string): Promise<readonly Series[]> => {
    const path = `${pathname.replace(/\/+$/, '')}/api/v1/query?query=${encodeURIComponent(query)}`;
    try {
      const { statusCode, body } = await pool.request({ path, method: 'GET' });
      const text = await body.text();
      if (statusCode === 200)
        return (JSON.parse(text) as { data: { result: readonly Series[] } }).data.result;
      throw new Error(`it answers ${statusCode} ${text.slice(0, 200)}`);
    } catch (cause) {
      throw new UserError(`No Prometheus at ${url}: ${(cause as Error).message}`, { cause });
    }
  };
  try {
    const expected = await ask(`max by (model, feature, bin) (${driftExpected.name})`);
    const rows = await ask(`${BY_BIN} (increase(${driftRows.name}[${window}]))`);
    const references = await ask(`max by (model) (${driftReference.name})`);
    if (expected.length === 0)
      throw new UserError(`Prometheus at ${url} has no ${driftExpected.name}: does it scrape the instances?`);
    const counted = new Map(rows.map(({ metric, value }) => [keyOf(metric), Number(value[1])]));
    const models = references.map(({ metric: { model = '' }, value }) => {
      const referenceRows = Number(value[1]);
      const features = Map.groupBy(
        expected.filter((one) => one.metric.model === model),
        (one) => one.metric.feature ?? '',
      );
      return {
        model,
        reference_rows: referenceRows,
        features: [...features].map(([name, series]) => {
          const bins = series.map(binOf).toSorted(byName);
          const counts = bins.map((bin) => counted.get(keyOf({ model, feature: name, bin: bin.name })) ?? 0);
          return readingOf({ name, bins }, counts, { rows: referenceRows });
        }),
      };
    });
    return { source: `all instances that ${url} scrapes, ${WINDOW_WORDS[window]}`, models };
  } finally {
    await pool.destroy();
  }
}

const keyOf = ({ model = '', feature = '', bin = '' }: Series['metric']): string =>
  `${model}\n${feature}\n${bin}`;
const binOf = ({ metric: { bin = '' }, value }: Series): Bin => ({
  name: bin,
  expected: Number(value[1]),
  from: null,
  to: null,
});
const LAST = ['rare', 'missing', 'other', 'unseen'];
/** Numbers of bins and codes in their order; those that hold no value of their own come last. */
const byName = (a: Bin, b: Bin): number =>
  LAST.indexOf(a.name) - LAST.indexOf(b.name) || a.name.localeCompare(b.name, 'en', { numeric: true });
