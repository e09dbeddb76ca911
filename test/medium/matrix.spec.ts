import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LABEL_DELAY_MS } from '@fraud/features';
import { loadConfig } from '@fraud/platform';
import { openFeatureReplay } from '@fraud/scoring';
import { simulate, writeNdjson, type LabelledTransaction } from '@fraud/traffic';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { featureRows, type FeatureRows } from '../../apps/cli/src/matrix/feature-rows.js';
import {
  recordedTraffic,
  simulatedTraffic,
  type LabelledTraffic,
} from '../../apps/cli/src/matrix/matrix-traffic.js';
import { writeMatrix, type Features, type Written } from '../../apps/cli/src/matrix/write-matrix.js';

const PERIOD = { seed: 3, cards: 60, days: 40, start: '2026-01-05T00:00:00Z' };
const config = loadConfig({});
const names = openFeatureReplay(config).featureNames;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'matrix-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

const features = (labelDelayMs = LABEL_DELAY_MS): Features => ({
  names,
  rows: (traffic, batch) => featureRows(traffic, openFeatureReplay(config), labelDelayMs, batch),
});

/** The catalogue with one more feature, of a row among all rows that there are to read. */
const planted = (
  name: string,
  value: (row: LabelledTransaction, all: readonly LabelledTransaction[], i: number) => number,
): Features => ({
  names: [...names, name],
  async *rows(traffic: LabelledTraffic, batch: number): AsyncGenerator<FeatureRows, void> {
    const all: LabelledTransaction[] = [];
    for await (const row of traffic) all.push(row);
    let i = 0;
    for await (const { rows, vectors } of features().rows(all, batch))
      yield { rows, vectors: vectors.map((v, k) => Float32Array.of(...v, value(rows[k]!, all, i++))) };
  },
});

/** The same, of a row among those that are computed together with it. */
const plantedInBatch = (
  name: string,
  value: (batch: readonly LabelledTransaction[], i: number) => number,
): Features => ({
  names: [...names, name],
  async *rows(traffic: LabelledTraffic, batch: number): AsyncGenerator<FeatureRows, void> {
    for await (const { rows, vectors } of features().rows(traffic, batch))
      yield { rows, vectors: vectors.map((v, k) => Float32Array.of(...v, value(rows, k))) };
  },
});

const write = (out: string, of: Features, traffic = simulatedTraffic(PERIOD)): Promise<Written> =>
  writeMatrix(join(directory, out), traffic, of, {
    labelDelayMs: LABEL_DELAY_MS,
    about: { features: of.names },
  });

const bytesOf = (out: string): Promise<Buffer> => readFile(join(directory, out, 'matrix.parquet'));

describe('writeMatrix', { timeout: 120_000 }, () => {
  it('takes the catalogue, whose features know nothing of what comes later, and says how many rows proved it', async () => {
    const { rows, frauds } = await write('sound', features());
    const about = JSON.parse(await readFile(join(directory, 'sound/matrix.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(about).toMatchObject({
      ...PERIOD,
      source: 'simulator',
      rows,
      frauds,
      label_delay_ms: LABEL_DELAY_MS,
    });
    expect(frauds).toBeGreaterThan(0);
    expect(about['compared_rows']).toBeGreaterThan(0.4 * rows);
    expect(about['compared_rows']).toBeLessThan(0.6 * rows);
  });

  it('gives recorded traffic the matrix that the simulation itself gets, to the byte', async () => {
    const file = join(directory, 'traffic.ndjson');
    await writeNdjson(file, simulate(PERIOD));
    await write('simulated', features());
    await write('recorded', features(), recordedTraffic([file]));
    expect((await bytesOf('recorded')).equals(await bytesOf('simulated'))).toBe(true);
  });

  it('takes of recorded traffic what lies in the period that is asked for', async () => {
    const file = join(directory, 'period.ndjson');
    await writeNdjson(file, simulate(PERIOD));
    const [from, until] = ['2026-01-10T00:00:00Z', '2026-01-20T00:00:00Z'];
    const inside = [...simulate(PERIOD)].filter(({ transaction: { occurred_at } }) => {
      const at = Date.parse(occurred_at);
      return at >= Date.parse(from) && at < Date.parse(until);
    });
    const { rows } = await write('period', features(), recordedTraffic([file], { from, until }));
    expect(rows).toBe(inside.length);
  });

  it.each([
    [
      'a later event of the card',
      planted('card_next_amount', ({ transaction: { card_id } }, all, i) => {
        const next = all.slice(i + 1).find(({ transaction }) => transaction.card_id === card_id);
        return next?.transaction.amount ?? NaN;
      }),
      'card_next_amount',
    ],
    [
      'a label before its delay',
      planted('is_fraud', ({ label }) => (label === null ? NaN : Number(label.fraud))),
      'is_fraud',
    ],
    [
      'the mean over a period that is not over',
      planted('share_of_all', (_, all) => 1 / all.length),
      'share_of_all',
    ],
    [
      'the next row of its batch',
      plantedInBatch('next_amount', (batch, i) => batch[i + 1]?.transaction.amount ?? NaN),
      'next_amount',
    ],
    ['frauds that are told at once', features(1), 'days_since_fraud'],
  ])('refuses a planted feature that knows %s, by its name and the first row', async (_, future, name) => {
    await expect(write('future', future)).rejects.toThrow(
      new RegExp(
        `the feature \\w*${name}\\w* knows the future: its value for transaction sim-\\w+-\\d+ of 2026-`,
      ),
    );
    await expect(readFile(join(directory, 'future/matrix.json'))).rejects.toThrow('ENOENT');
  });

  it('refuses recorded traffic that is not in order of event time, or has no labels', async () => {
    const rows = [...simulate({ ...PERIOD, days: 2 })];
    const file = join(directory, 'disorder.ndjson');
    await writeNdjson(file, [rows[1]!, rows[0]!]);
    await expect(write('disorder', features(), recordedTraffic([file]))).rejects.toThrow('sort the file');
    await writeNdjson(file, [{ ...rows[0]!, label: null }]);
    await expect(write('unlabelled', features(), recordedTraffic([file]))).rejects.toThrow('has no label');
  });
});
