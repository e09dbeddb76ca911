import { WINDOWS } from '@fraud/drift';

const integer = { type: 'integer', minimum: 0 };
const edge = { type: ['number', 'null'] };
const share = { type: 'number', minimum: 0, maximum: 1 };
const verdict = {
  type: 'string',
  enum: ['calm', 'drift', 'insufficient'],
  description: 'insufficient: too few rows to say anything',
};
const object = (properties: Readonly<Record<string, object>>): object => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});

const reading = object({
  feature: {
    type: 'string',
    description: 'a feature of the vector, `score`, or a field of the transaction that holds codes',
  },
  verdict,
  psi: { type: ['number', 'null'], description: 'population stability index; null where insufficient' },
  threshold: { type: ['number', 'null'], description: 'above it there is drift; null where insufficient' },
  rows: integer,
  bins: {
    type: 'array',
    items: object({
      bin: {
        type: 'string',
        description:
          'of numbers: `1` from the lowest values up, `missing`, or `other`: outside the range of the training rows; of codes: the code, `rare`, `missing`, or `unseen`: not among the training rows',
      },
      expected: { ...share, description: 'share of the rows that the model was trained on' },
      rows: integer,
      from: { ...edge, description: 'the bin holds from <= value < to; null: without an end' },
      to: edge,
    }),
  },
});

/** The answer of /v1/drift. */
export const DRIFT_SCHEMAS = {
  DriftReport: object({
    models: {
      type: 'array',
      items: object({
        version: { type: 'string' },
        reference_rows: integer,
        windows: object(
          Object.fromEntries(
            Object.keys(WINDOWS).map((window) => [
              window,
              object({ verdict, features: { type: 'array', items: reading } }),
            ]),
          ),
        ),
      }),
    },
  }),
};
