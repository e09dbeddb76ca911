import { MOST_REASON } from './read-erasure.js';

const integer = { type: 'integer' };
const text = { type: 'string' };

/** Bodies and answers of erasures. */
export const RECORD_SCHEMAS = {
  ErasureRequest: {
    type: 'object',
    required: ['card_id', 'reason'],
    additionalProperties: false,
    properties: {
      card_id: { type: 'string', minLength: 1, maxLength: 64 },
      reason: {
        type: 'string',
        minLength: 1,
        maxLength: MOST_REASON,
        description: 'kept; it must not name the card',
      },
    },
  },
  Erasure: {
    type: 'object',
    required: ['at', 'card_hash', 'asked_by', 'reason', 'decisions', 'labels'],
    properties: {
      at: { type: 'string', format: 'date-time' },
      card_hash: { type: 'string', description: 'SHA-256 of the card_id, hexadecimal' },
      asked_by: text,
      reason: text,
      decisions: { ...integer, description: 'records that are gone' },
      labels: { ...integer, description: 'labels that are gone' },
    },
  },
};
