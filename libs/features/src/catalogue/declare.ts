import type { CardAggregate, CardFeature, Feature, RingFeature, VisitFeature, Window } from './feature.js';

type Unit = Feature['unit'];
type TransactionFeature = Extract<Feature, { entity: 'transaction' }>;

/** Whether the transaction that is decided counts in its own feature. */
export type Current = 'with current' | 'before current';

const PERIODS: Readonly<Record<Window, string>> = {
  '1h': 'one hour',
  '6h': '6 hours',
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
};

/** The window in words, for descriptions. */
const period = (window: Window): string => PERIODS[window];

/** A feature of the transaction itself. */
export const own = (
  aggregate: TransactionFeature['aggregate'],
  unit: Unit,
  description: string,
  driftEligible = true,
): TransactionFeature => ({
  name: aggregate,
  entity: 'transaction',
  state: 'none',
  window: null,
  aggregate,
  unit,
  driftEligible,
  description,
});

/** A feature of the card's log. */
export const card = (
  name: string,
  aggregate: CardAggregate,
  window: Window | null,
  current: Current,
  unit: Unit,
  description: string,
  driftEligible = true,
): CardFeature => ({
  name: `card_${name}`,
  entity: 'card',
  state: 'log',
  aggregate,
  window,
  includesCurrent: current === 'with current',
  unit,
  driftEligible,
  description,
});

/** The same feature over several windows. */
export const cardOver = (
  windows: readonly Window[],
  stem: string,
  aggregate: CardAggregate,
  current: Current,
  unit: Unit,
  describe: (period: string) => string,
): CardFeature[] =>
  windows.map((w) => card(`${stem}_${w}`, aggregate, w, current, unit, describe(period(w))));

/** What the ring of a merchant or a terminal tells. */
export function ring(entity: RingFeature['entity']): RingFeature[] {
  const declare = (
    aggregate: RingFeature['aggregate'],
    stem: string,
    window: RingFeature['window'],
    unit: Unit,
    description: string,
  ): RingFeature => ({
    name: `${entity}_${stem}_${window}`,
    entity,
    state: 'ring',
    aggregate,
    window,
    includesCurrent: false,
    unit,
    driftEligible: true,
    description,
  });
  return [
    ...(['1h', '24h', '7d', '30d'] as const).map((w) =>
      declare(
        'count',
        'count',
        w,
        'count',
        `Transactions with a known amount at the ${entity} in ${period(w)}`,
      ),
    ),
    declare('mean', 'mean', '30d', 'EUR-equivalent', `Mean amount at the ${entity} in 30 days`),
    declare('ratio_to_mean', 'ratio', '30d', 'ratio', `Amount ÷ mean amount at the ${entity} in 30 days`),
    ...(['24h', '7d', '30d'] as const).map((w) =>
      declare(
        'fraud_share',
        'risk',
        w,
        'ratio',
        `Known frauds ÷ transactions at the ${entity} in ${period(w)}, as of the label delay before this one`,
      ),
    ),
    declare(
      'days_since_fraud',
      'days_since_fraud',
      '30d',
      'days',
      `Days since the last known fraud at the ${entity}, of the last 37 days`,
    ),
  ];
}

/** What the log of a device or an address tells. */
export function visits(entity: VisitFeature['entity']): VisitFeature[] {
  const what = entity === 'ip' ? 'address' : entity;
  const declare = (
    aggregate: VisitFeature['aggregate'],
    stem: string,
    window: VisitFeature['window'],
    description: string,
  ): VisitFeature => ({
    name: `${entity}_${stem}_${window}`,
    entity,
    state: 'log',
    aggregate,
    window,
    includesCurrent: false,
    unit: 'count',
    driftEligible: true,
    description,
  });
  return [
    declare('count', 'count', '1h', `Transactions from the ${what} in the hour before this one`),
    declare('count', 'count', '24h', `Transactions from the ${what} in the 24 hours before this one`),
    declare(
      'distinct_cards',
      'cards',
      '24h',
      `Different cards from the ${what} in the 24 hours before this one`,
    ),
  ];
}
