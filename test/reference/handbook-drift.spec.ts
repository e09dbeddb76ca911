import path from 'node:path';
import { DriftMonitor, verdictOf, type DriftReference, type Reading } from '@fraud/drift';
import { DRIFT_FEATURES, FEATURE_NAMES, LABEL_DELAY_MS } from '@fraud/features';
import { loadConfig } from '@fraud/platform';
import { openFeatureReplay } from '@fraud/scoring';
import { openTraffic, type LabelledTransaction } from '@fraud/traffic';
import { expect } from 'vitest';
import { featureRows } from '../../apps/cli/src/matrix/feature-rows.js';
import { driftReferenceOf } from '../support/drift-reference.js';
import { numberOf } from '../support/handbook.js';
import { testWithSharedData } from '../support/shared-data.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
const at = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** The longest history is 38 days of a ring; the traffic begins on 1 April. */
const REFERENCE_FROM = at('2018-05-09');
const REFERENCE_TO = at('2018-06-06');
/** When amounts change, and what is replayed of that: two windows of a day, and two more. */
const CHANGE_AT = at('2018-07-04');
const CHANGE_TO = at('2018-07-08');
const ALL = Infinity;

/** The short form takes every fourth customer with all that they do; FRAUD_DRIFT_CUSTOMERS=1 takes them all. */
const EVERY = Number(process.env['FRAUD_DRIFT_CUSTOMERS'] ?? 4);

const timeOf = ({ transaction }: LabelledTransaction): number => Date.parse(transaction.occurred_at);

/** The traffic until a moment, with other amounts from the change on. */
async function* traffic(
  data: string,
  until: number,
  change: (amount: number, row: number) => number,
): AsyncGenerator<LabelledTransaction, void> {
  const source = await openTraffic(path.join(data, 'handbook'), { labels: true });
  let row = 0;
  for await (const one of source.rows) {
    const time = timeOf(one);
    if (time >= until) return;
    if (Number(numberOf(one.transaction.card_id)) % EVERY !== 0) continue;
    const { amount } = one.transaction;
    row += 1;
    yield time < CHANGE_AT
      ? one
      : { ...one, transaction: { ...one.transaction, amount: change(amount, row) } };
  }
}

/** Every row of it with its vector, in order. */
async function* replayed(
  data: string,
  until: number,
  change: (amount: number, row: number) => number = (amount) => amount,
): AsyncGenerator<{ readonly time: number; readonly vector: Float32Array }, void> {
  const replay = openFeatureReplay(loadConfig());
  for await (const { rows, vectors } of featureRows(
    traffic(data, until, change),
    replay,
    LABEL_DELAY_MS,
    256,
  ))
    for (const [i, row] of rows.entries()) yield { time: timeOf(row), vector: vectors[i]! };
}

const monitorOf = (reference: DriftReference): DriftMonitor =>
  new DriftMonitor(reference, { features: FEATURE_NAMES, watched: DRIFT_FEATURES });
const highest = (readings: readonly Reading[]): Reading =>
  readings.toSorted((a, b) => (b.psi ?? -1) - (a.psi ?? -1))[0]!;
const text = ({ feature, psi }: Reading): string => `${feature} ${(psi ?? NaN).toFixed(3)}`;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** The reference; and natural traffic against it: each week, and a window of a day that is looked at every hour. */
async function natural(data: string): Promise<{
  reference: DriftReference;
  weeks: (readonly Reading[])[];
  windows: number;
  alarms: number;
  most: Reading;
}> {
  const values = DRIFT_FEATURES.map((): number[] => []);
  const places = DRIFT_FEATURES.map((name) => FEATURE_NAMES.indexOf(name));
  const weeks: (readonly Reading[])[] = [];
  let reference: DriftReference | null = null;
  let sliding: DriftMonitor | null = null;
  let week: DriftMonitor | null = null;
  let weekEnds = REFERENCE_TO + WEEK_MS;
  let lookAt = REFERENCE_TO + DAY_MS;
  let windows = 0;
  let alarms = 0;
  let most: Reading | null = null;
  for await (const { time, vector } of replayed(data, ALL)) {
    if (time >= REFERENCE_FROM && time < REFERENCE_TO)
      places.forEach((place, i) => values[i]!.push(vector[place]!));
    if (time < REFERENCE_TO) continue;
    reference ??= driftReferenceOf(
      Object.fromEntries(DRIFT_FEATURES.map((name, i) => [name, Float32Array.from(values[i]!)])),
    );
    sliding ??= monitorOf(reference);
    if (time >= weekEnds) {
      weeks.push(week!.everything());
      week = null;
      weekEnds += WEEK_MS;
    }
    week ??= monitorOf(reference);
    week.add(vector, 0, 0, {});
    for (; time >= lookAt; lookAt += HOUR_MS) {
      const readings = sliding.readings('24h', lookAt);
      windows += 1;
      if (verdictOf(readings) !== 'calm') alarms += 1;
      const top = highest(readings);
      if (most === null || top.psi! > most.psi!) most = top;
    }
    sliding.at(time);
    sliding.add(vector, 0, 0, {});
  }
  return { reference: reference!, weeks, windows, alarms, most: most! };
}

/** The days from the change on. */
async function changed(
  data: string,
  reference: DriftReference,
  change: (amount: number, row: number) => number,
): Promise<(readonly Reading[])[]> {
  const days: DriftMonitor[] = [];
  for await (const { time, vector } of replayed(data, CHANGE_TO, change)) {
    if (time < CHANGE_AT) continue;
    const day = Math.floor((time - CHANGE_AT) / DAY_MS);
    days[day] ??= monitorOf(reference);
    days[day].add(vector, 0, 0, {});
  }
  return days.map((day) => day.everything());
}

testWithSharedData(
  'natural traffic is calm week by week and in windows of a day; amounts × 1.3 fire within two windows, × 1.1 do not',
  async (data) => {
    const { reference, weeks, windows, alarms, most } = await natural(data);
    say(
      `reference: ${reference.rows} rows; ${weeks.length} weeks; ${windows} windows of a day, ${alarms} alarms, ${text(most)}`,
    );
    for (const week of weeks) {
      say(`a week of ${week[0]!.rows} rows: ${text(highest(week))}`);
    }
    expect(weeks.map(verdictOf)).toEqual(weeks.map(() => 'calm'));
    expect(weeks.length).toBeGreaterThanOrEqual(8);
    expect(windows).toBeGreaterThan(1000);
    expect(alarms / windows).toBeLessThanOrEqual(0.01);

    const more = await changed(data, reference, (amount) => Math.round(amount * 1.3));
    more.forEach((day, i) => {
      say(`amounts × 1.3, day ${i + 1}: ${text(highest(day))}, ${text(day[0]!)}`);
    });
    expect(more.slice(0, 2).some((day) => verdictOf(day) === 'drift')).toBe(true);

    const little = await changed(data, reference, (amount) => Math.round(amount * 1.1));
    little.forEach((day, i) => {
      say(`amounts × 1.1, day ${i + 1}: ${text(highest(day))}, ${text(day[0]!)}`);
    });
    expect(little.map(verdictOf)).toEqual(little.map(() => 'calm'));

    // Card testing: one purchase in ten is of less than a euro. It moves the lowest bin alone, and stays below the threshold.
    const micro = await changed(data, reference, (amount, row) =>
      row % 10 === 0 ? 10 + (row % 90) : amount,
    );
    micro.forEach((day, i) => {
      say(`one in ten micro-amounts, day ${i + 1}: ${text(highest(day))}, ${text(day[0]!)}`);
    });
    expect(highest(micro[0]!).psi).toBeGreaterThan(most.psi!);
  },
  600_000,
);
