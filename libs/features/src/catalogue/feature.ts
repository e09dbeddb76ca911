/** Trailing windows: (t − w, t] in event time. */
export const WINDOW_MS = {
  '1h': 3_600_000,
  '6h': 21_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
  '30d': 2_592_000_000,
} as const;
export type Window = keyof typeof WINDOW_MS;

/**
 * Labels take time: chargebacks come days later. Fraud shares look at windows that end so long before the transaction, where
 * most of what will be known is known.
 */
export const LABEL_DELAY_DAYS = 7;
export const LABEL_DELAY_MS = LABEL_DELAY_DAYS * WINDOW_MS['24h'];

/** A feature that reads nothing but the transaction itself. */
export type TransactionAggregate = 'amount' | 'local_hour' | 'is_night' | 'is_weekend' | 'is_remote';

/** What can be computed from the card's log. */
export type CardAggregate =
  | 'count'
  | 'sum'
  | 'mean'
  | 'max'
  | 'ratio_to_mean'
  | 'zscore'
  | 'trend'
  | 'seconds_since_last'
  | 'distinct_merchants'
  | 'first_at_merchant'
  | 'new_device'
  | 'new_ip'
  | 'new_country'
  | 'fraud_share'
  | 'distance_km'
  | 'speed_kmh';

/** What can be computed from the ring of a merchant or a terminal. */
type RingAggregate = 'count' | 'mean' | 'ratio_to_mean' | 'fraud_share' | 'days_since_fraud';

/** What can be computed from the log of a device or an address. */
type VisitAggregate = 'count' | 'distinct_cards';

interface Common {
  /** Column name everywhere: model manifest, training matrix, reasons, docs. */
  readonly name: string;
  readonly unit:
    | 'EUR-equivalent'
    | 'count'
    | 'ratio'
    | 'seconds'
    | 'hours'
    | 'days'
    | 'flag'
    | 'km'
    | 'km/h'
    | 'standard deviations';
  /** False for what follows the calendar, or how old a history is, and not behaviour. */
  readonly driftEligible: boolean;
  readonly description: string;
}

/**
 * One feature, declared once. A value that cannot be computed (no history, unknown currency, store down)
 * is missing: NaN in the vector, null in JSON.
 */
export type Feature =
  | (Common & {
      readonly entity: 'transaction';
      readonly state: 'none';
      readonly window: null;
      readonly aggregate: TransactionAggregate;
    })
  | (Common & {
      readonly entity: 'card';
      readonly state: 'log';
      /** Null: over everything that the log still holds. */
      readonly window: Window | null;
      readonly aggregate: CardAggregate;
      readonly includesCurrent: boolean;
    })
  | (Common & {
      readonly entity: 'merchant' | 'terminal';
      readonly state: 'ring';
      readonly window: Exclude<Window, '6h'>;
      readonly aggregate: RingAggregate;
      readonly includesCurrent: false;
    })
  | (Common & {
      readonly entity: 'device' | 'ip';
      readonly state: 'log';
      readonly window: '1h' | '24h';
      readonly aggregate: VisitAggregate;
      readonly includesCurrent: false;
    });

export type CardFeature = Extract<Feature, { entity: 'card' }>;
export type RingFeature = Extract<Feature, { state: 'ring' }>;
export type VisitFeature = Extract<Feature, { entity: 'device' | 'ip' }>;
