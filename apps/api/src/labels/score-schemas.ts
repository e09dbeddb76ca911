import { SOURCES } from '@fraud/contract';
import { THRESHOLD_NAMES } from '@fraud/records';
import { integer, moment, monday, money, number, object, ref, share } from './schema-parts.js';

/** The same for each threshold. */
const forEach = (schema: object): object =>
  object(Object.fromEntries(THRESHOLD_NAMES.map((name) => [name, schema])));

const probability = { type: 'number', minimum: 0, maximum: 1 };

const EFFECT = {
  alerts: { ...integer, description: 'decisions with the outcome of the threshold, or a more severe one' },
  frauds_caught: integer,
  money_caught: money,
  frauds_missed: integer,
  money_missed: money,
  legitimate_hit: { ...integer, description: 'legitimate transactions with an alert' },
  legitimate_money_hit: money,
  unlabelled_hit: {
    ...integer,
    description: 'of those, the ones without a label: nobody said what they were',
  },
  unlabelled_money_hit: money,
};

/** The answer of /v1/quality/scores. */
export const SCORE_SCHEMAS = {
  Calibration: object({
    model: { type: 'string' },
    decisions: integer,
    frauds: integer,
    expected_frauds: { ...number, description: 'the sum of the scores' },
    expected_calibration_error: {
      ...probability,
      description: 'mean distance of score and fraud rate over the bins, by their decisions',
    },
    brier_score: probability,
    brier_skill: {
      type: ['number', 'null'],
      description:
        '1 − Brier score ÷ that of saying the fraud rate every time; null where all came to the same',
    },
    bins: {
      type: 'array',
      items: object({
        from: probability,
        to: { ...probability, description: 'the bin holds from <= score < to; the last one holds 1, too' },
        decisions: integer,
        frauds: integer,
        mean_score: probability,
        fraud_rate: probability,
        fraud_rate_low: { ...probability, description: '95 % interval (Wilson)' },
        fraud_rate_high: probability,
        declined_unlabelled: {
          ...integer,
          description: 'declined, and without a label: they count as legitimate, and may not have been',
        },
      }),
    },
  }),
  ThresholdEffect: object(EFFECT),
  WhatIf: object({
    threshold: probability,
    in_force: { type: 'boolean' },
    in_order: {
      type: 'boolean',
      description: 'false: a policy takes it only with another threshold moved as well',
    },
    ...EFFECT,
    precision: { ...share, description: 'frauds ÷ alerts' },
    recall: { ...share, description: 'frauds caught ÷ frauds' },
    false_positive_rate: { ...share, description: 'alerts ÷ decisions, of legitimate transactions' },
    difference: ref('ThresholdEffect'),
  }),
  WhatIfs: object({
    decisions: { ...integer, description: 'by a score, with all its features: what the thresholds decide' },
    money,
    frauds: integer,
    fraud_money: money,
    models: {
      type: 'object',
      description: 'decisions by version of the model',
      additionalProperties: integer,
    },
    decided_otherwise: {
      ...integer,
      description: 'recorded with another outcome than the thresholds in force give',
    },
    declined_unlabelled: {
      ...integer,
      description: 'declined, and without a label: they count as legitimate, and may not have been',
    },
    declined_unlabelled_money: money,
    unmoved: {
      type: 'array',
      description: 'what stays as it was, whatever the thresholds are; in no other figure',
      items: object({
        source: { type: 'string', enum: [...SOURCES] },
        degraded: { type: 'boolean' },
        decisions: integer,
        money,
        without_amount: { ...integer, description: 'in an unknown currency: in no sum of money' },
        frauds: integer,
        fraud_money: money,
        alerts: forEach(integer),
      }),
    },
    thresholds: forEach({ type: 'array', items: ref('WhatIf') }),
  }),
  ScoreReport: object({
    from: moment,
    to: moment,
    as_of: moment,
    horizon_days: integer,
    policy: { type: 'string', description: 'version of the policy in force' },
    thresholds: forEach(probability),
    mature_weeks: { type: 'array', description: 'the weeks that all figures are of', items: monday },
    other_weeks: { type: 'array', description: 'weeks that are in no figure', items: monday },
    not_known: {
      type: ['string', 'null'],
      enum: ['no_decisions', 'too_few_settled_frauds', 'no_mature_week', null],
      description: 'why there are no figures; null where there are',
    },
    calibration: {
      oneOf: [
        { type: 'array', items: ref('Calibration') },
        { type: 'null', description: 'not known' },
      ],
    },
    what_ifs: { oneOf: [ref('WhatIfs'), { type: 'null', description: 'not known' }] },
  }),
};
