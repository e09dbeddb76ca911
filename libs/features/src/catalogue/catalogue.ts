import { hash } from 'node:crypto';
import type {
  CardAggregate,
  CardFeature,
  Feature,
  MerchantAggregate,
  MerchantFeature,
  Window,
} from './feature.js';

type Unit = Feature['unit'];

const card = (
  name: string,
  aggregate: CardAggregate,
  window: Window | null,
  includesCurrent: boolean,
  unit: Unit,
  description: string,
): CardFeature => ({
  name,
  entity: 'card',
  state: 'log',
  aggregate,
  window,
  includesCurrent,
  unit,
  driftEligible: true,
  description,
});

const merchant = (
  name: string,
  aggregate: MerchantAggregate,
  window: Window,
  unit: Unit,
  description: string,
): MerchantFeature => ({
  name,
  entity: 'merchant',
  state: 'ring',
  aggregate,
  window,
  includesCurrent: false,
  unit,
  driftEligible: true,
  description,
});

/** The feature catalogue: the order is the order of the vector. */
export const CATALOGUE: readonly Feature[] = [
  {
    name: 'amount',
    entity: 'transaction',
    state: 'none',
    window: null,
    aggregate: 'amount',
    unit: 'EUR-equivalent',
    driftEligible: true,
    description: 'Amount in the reference currency, major units',
  },
  {
    name: 'local_hour',
    entity: 'transaction',
    state: 'none',
    window: null,
    aggregate: 'local_hour',
    unit: 'hours',
    driftEligible: false,
    description: 'Hour of the day where the purchase took place, with fractions',
  },
  {
    name: 'is_remote',
    entity: 'transaction',
    state: 'none',
    window: null,
    aggregate: 'is_remote',
    unit: 'flag',
    driftEligible: true,
    description: '1 where the card was not present (ecommerce, moto, recurring), 0 where it was',
  },
  card('card_count_1h', 'count', '1h', true, 'count', 'Transactions of the card in the last hour'),
  card('card_count_24h', 'count', '24h', true, 'count', 'Transactions of the card in the last 24 hours'),
  card('card_count_7d', 'count', '7d', true, 'count', 'Transactions of the card in the last 7 days'),
  card('card_sum_1h', 'sum', '1h', true, 'EUR-equivalent', 'Amount spent with the card in the last hour'),
  card(
    'card_sum_24h',
    'sum',
    '24h',
    true,
    'EUR-equivalent',
    'Amount spent with the card in the last 24 hours',
  ),
  card(
    'card_mean_30d',
    'mean',
    '30d',
    false,
    'EUR-equivalent',
    'Mean amount of the card in 30 days before this one',
  ),
  card(
    'card_max_7d',
    'max',
    '7d',
    false,
    'EUR-equivalent',
    'Largest amount of the card in 7 days before this one',
  ),
  card(
    'card_ratio_30d',
    'ratio_to_mean',
    '30d',
    false,
    'ratio',
    'Amount ÷ the mean of 30 days before this one',
  ),
  card(
    'card_zscore_30d',
    'zscore',
    '30d',
    false,
    'standard deviations',
    'Distance from the mean of 30 days before this one',
  ),
  card(
    'card_seconds_since_last',
    'seconds_since_last',
    null,
    false,
    'seconds',
    'Time since the last earlier transaction of the card',
  ),
  card(
    'card_merchants_24h',
    'distinct_merchants',
    '24h',
    true,
    'count',
    'Different merchants in the last 24 hours',
  ),
  card(
    'card_first_at_merchant',
    'first_at_merchant',
    null,
    false,
    'flag',
    '1 where the card was not seen at this merchant before',
  ),
  card(
    'card_new_device',
    'new_device',
    null,
    false,
    'flag',
    '1 where the card was seen with devices before, but not with this one',
  ),
  card(
    'card_new_country',
    'new_country',
    null,
    false,
    'flag',
    '1 where the card was seen in countries before, but not in this one',
  ),
  card(
    'card_speed_kmh',
    'speed_kmh',
    null,
    false,
    'km/h',
    'Speed needed from the last located transaction to this one',
  ),
  merchant(
    'merchant_count_24h',
    'count',
    '24h',
    'count',
    'Transactions with a known amount at the merchant in the last 24 hourly slots',
  ),
  merchant(
    'merchant_count_30d',
    'count',
    '30d',
    'count',
    'Transactions with a known amount at the merchant in the last 30 daily slots',
  ),
  merchant(
    'merchant_mean_30d',
    'mean',
    '30d',
    'EUR-equivalent',
    'Mean amount at the merchant in the last 30 daily slots',
  ),
  merchant(
    'merchant_ratio_30d',
    'ratio_to_mean',
    '30d',
    'ratio',
    'Amount ÷ mean amount at the merchant in the last 30 daily slots',
  ),
];

/** Bumped when a declaration keeps its words but its arithmetic changes. */
const ARITHMETIC = 1;

/** Version of the catalogue: changes with anything that changes a vector. */
export const CATALOGUE_VERSION = hash(
  'sha256',
  JSON.stringify([ARITHMETIC, CATALOGUE.map(({ description: _, driftEligible: __, ...rest }) => rest)]),
  'hex',
).slice(0, 12);
