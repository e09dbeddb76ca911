import { LABEL_SOURCES, TRUTHS } from '@fraud/contract';
import { MAX_LABELS } from './read-labels.js';
import { integer, moment, monday, money, number, object, ref, share } from './schema-parts.js';

const QUALITY = {
  decisions: integer,
  money,
  labelled: integer,
  frauds: integer,
  fraud_money: money,
  unlabelled: {
    type: 'string',
    enum: ['legitimate', 'unknown'],
    description: 'as what a decision without a label counts: as legitimate in mature weeks alone',
  },
  alerts: object({ any: ref('AlertQuality'), decline: ref('AlertQuality') }),
};

/** Bodies and answers of the routes of labels and of quality. */
export const LABEL_SCHEMAS = {
  Labels: {
    type: 'object',
    required: ['labels'],
    properties: { labels: { type: 'array', minItems: 1, maxItems: MAX_LABELS, items: ref('Label') } },
  },
  LabelsAnswer: object({ accepted: integer }),
  LabelList: object({
    labels: {
      type: 'array',
      items: {
        type: 'object',
        required: ['transaction_id', 'label', 'source', 'labelled_at', 'received_at'],
        properties: {
          transaction_id: { type: 'string' },
          label: { type: 'string', enum: [...TRUTHS] },
          source: { type: 'string', enum: [...LABEL_SOURCES] },
          labelled_at: moment,
          received_at: moment,
          applied_at: {
            ...moment,
            description:
              'when features were told; absent where they have not been, or had nothing to be told',
          },
        },
      },
    },
  }),
  AlertQuality: object({
    alerts: integer,
    frauds_caught: integer,
    frauds_missed: integer,
    money_caught: money,
    money_missed: money,
    precision: {
      ...share,
      description: 'frauds ÷ alerts; null until what has no label counts as legitimate',
    },
    precision_at_least: { ...share, description: 'known frauds ÷ alerts' },
    recall: { ...share, description: 'frauds caught ÷ frauds, of those that are known' },
    false_positive_rate: {
      ...share,
      description: 'alerts ÷ decisions, of legitimate transactions; null likewise',
    },
  }),
  QualityReport: object({
    from: moment,
    to: moment,
    as_of: moment,
    horizon_days: integer,
    label_delay: {
      oneOf: [
        object({ median_days: integer, p95_days: integer, settled_frauds: integer }),
        { type: 'null', description: 'too few labels are old enough to say' },
      ],
    },
    weeks: {
      type: 'array',
      items: object({
        week: monday,
        maturity: {
          ...share,
          description: 'share of the fraud labels that should have come; null: not known',
        },
        mature: { type: ['boolean', 'null'] },
        expected_frauds: { ...number, type: ['number', 'null'] },
        ...QUALITY,
      }),
    },
    mature: {
      oneOf: [object({ weeks: integer, ...QUALITY }), { type: 'null', description: 'no week is mature' }],
    },
  }),
};
