/** JSON Schema of what is published of a transaction that was let through. */
export const LET_THROUGH_SCHEMA = {
  type: 'object',
  required: ['decision_id', 'transaction_id', 'let_through_at', 'decided_before', 'would_be', 'transaction'],
  properties: {
    decision_id: { type: 'string', description: 'That of the answer it got' },
    transaction_id: { type: 'string' },
    let_through_at: { type: 'string', format: 'date-time' },
    decided_before: {
      type: 'boolean',
      description:
        'It had been decided before the bypass, and that decision would have been the answer again',
    },
    would_be: {
      description: 'The decision it would have had; `conflict`: its id had been decided with other content',
      anyOf: [{ $ref: '#/components/schemas/Decision' }, { const: 'conflict' }],
    },
    transaction: { $ref: '#/components/schemas/Transaction' },
  },
  additionalProperties: false,
} as const;
