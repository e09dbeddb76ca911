import { hash } from 'node:crypto';
import { card, cardOver, own, ring, visits } from './declare.js';
import type { Feature, Window } from './feature.js';

const ALL: readonly Window[] = ['1h', '6h', '24h', '7d', '30d'];
const DAYS: readonly Window[] = ['24h', '7d', '30d'];

/**
 * The feature catalogue: the order is the order of the vector. What was seen before is looked for in all that a log still holds: such a feature
 * changes as histories grow older, for months, and is not watched for drift.
 */
export const CATALOGUE: readonly Feature[] = [
  own('amount', 'EUR-equivalent', 'Amount in the reference currency'),
  own('local_hour', 'hours', 'Hour of the day where the purchase took place, with fractions', false),
  own('is_night', 'flag', '1 from 0:00 to 6:59 where the purchase took place', false),
  own('is_weekend', 'flag', '1 on Saturday and Sunday where the purchase took place', false),
  own('is_remote', 'flag', '1 where the card was not present (ecommerce, moto, recurring), 0 where it was'),

  ...cardOver(ALL, 'count', 'count', 'with current', 'count', (p) => `Transactions of the card in ${p}`),
  ...cardOver(
    ALL,
    'sum',
    'sum',
    'with current',
    'EUR-equivalent',
    (p) => `Amount spent with the card in ${p}`,
  ),
  ...cardOver(
    ALL,
    'mean',
    'mean',
    'with current',
    'EUR-equivalent',
    (p) => `Mean amount of the card in ${p}`,
  ),
  ...cardOver(
    ALL,
    'max',
    'max',
    'before current',
    'EUR-equivalent',
    (p) => `Largest amount of the card in the ${p} before this one`,
  ),
  ...cardOver(
    DAYS,
    'ratio',
    'ratio_to_mean',
    'before current',
    'ratio',
    (p) => `Amount ÷ the mean of the ${p} before this one`,
  ),
  ...cardOver(
    DAYS,
    'own_ratio',
    'ratio_to_mean',
    'with current',
    'ratio',
    (p) => `Amount ÷ the mean of ${p}, this one included`,
  ),
  card(
    'zscore_30d',
    'zscore',
    '30d',
    'before current',
    'standard deviations',
    'Distance from the mean of 30 days before this one',
  ),
  card(
    'trend',
    'trend',
    null,
    'with current',
    'ratio',
    'Amount spent in 24 hours ÷ the amount spent in 24 hours on the average of 30 days',
  ),
  card(
    'seconds_since_last',
    'seconds_since_last',
    null,
    'before current',
    'seconds',
    'Time since the last earlier transaction of the card',
  ),
  ...cardOver(
    ['24h', '7d'],
    'merchants',
    'distinct_merchants',
    'with current',
    'count',
    (p) => `Different merchants in ${p}`,
  ),
  card(
    'first_at_merchant',
    'first_at_merchant',
    null,
    'before current',
    'flag',
    '1 where the card was not seen at this merchant before',
    false,
  ),
  card(
    'new_device',
    'new_device',
    null,
    'before current',
    'flag',
    '1 where the card was seen with devices before, but not with this one',
    false,
  ),
  card(
    'new_ip',
    'new_ip',
    null,
    'before current',
    'flag',
    '1 where the card was seen from addresses before, but not from this one',
    false,
  ),
  card(
    'new_country',
    'new_country',
    null,
    'before current',
    'flag',
    '1 where the card was seen in countries before, but not in this one',
    false,
  ),
  card(
    'distance_km',
    'distance_km',
    null,
    'before current',
    'km',
    'Distance from the last located transaction of the card',
  ),
  card(
    'speed_kmh',
    'speed_kmh',
    null,
    'before current',
    'km/h',
    'Speed needed from the last located transaction to this one',
  ),

  card(
    'fraud_share_30d',
    'fraud_share',
    '30d',
    'before current',
    'ratio',
    'Known frauds ÷ transactions of the card in 30 days, as of the label delay before this one',
  ),

  ...ring('merchant'),
  ...ring('terminal'),
  ...visits('device'),
  ...visits('ip'),
];

/** Bumped when a declaration keeps its words but its arithmetic changes. */
const ARITHMETIC = 2;

/** Version of the catalogue: changes with anything that changes a vector. */
export const CATALOGUE_VERSION = hash(
  'sha256',
  JSON.stringify([ARITHMETIC, CATALOGUE.map(({ description: _, driftEligible: __, ...rest }) => rest)]),
  'hex',
).slice(0, 12);
