/**
 * The closed list of error codes. `frequency` is what a healthy installation sees:
 * an `error` is expected on no day, a `warn` rarely, `debug` comes from callers' mistakes.
 */
export const ERRORS = {
  invalid_transaction: {
    status: 400,
    title: 'The transaction is not valid',
    log: 'debug',
    frequency: 'as often as callers err',
  },
  card_number_refused: {
    status: 400,
    title: 'card_id is a real card number; send a token',
    log: 'warn',
    frequency: 'never, once integrated',
  },
  invalid_batch: {
    status: 400,
    title: 'The batch is not valid',
    log: 'debug',
    frequency: 'as often as callers err',
  },
  invalid_label: {
    status: 400,
    title: 'The label is not valid',
    log: 'debug',
    frequency: 'as often as callers err',
  },
  invalid_labels: {
    status: 400,
    title: 'The batch of labels is not valid; none of them was taken',
    log: 'debug',
    frequency: 'as often as callers err',
  },
  malformed_json: {
    status: 400,
    title: 'The body cannot be read as JSON, or would poison a prototype',
    log: 'debug',
    frequency: 'as often as callers err',
  },
  empty_message: {
    status: 400,
    title: 'The message has no value',
    log: 'debug',
    frequency: 'as often as producers err',
  },
  bad_request: {
    status: 400,
    title: 'The request is not valid',
    log: 'debug',
    frequency: 'as often as callers err',
  },
  not_found: { status: 404, title: 'There is nothing at this path', log: 'debug', frequency: 'any' },
  transaction_conflict: {
    status: 409,
    title: 'This transaction_id was already decided with other content',
    log: 'warn',
    frequency: 'never, once integrated',
  },
  payload_too_large: {
    status: 413,
    title: 'The body is larger than the limit',
    log: 'debug',
    frequency: 'rare',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Send application/json, not compressed',
    log: 'debug',
    frequency: 'as often as callers err',
  },
  unauthorized: {
    status: 401,
    title: 'Send the administrator’s token: Authorization: Bearer',
    log: 'warn',
    frequency: 'never',
  },
  invalid_change: {
    status: 400,
    title: 'The change is not valid',
    log: 'debug',
    frequency: 'as often as callers err',
  },
  model_refused: {
    status: 422,
    title: 'The model must not run; the one that runs stays',
    log: 'warn',
    frequency: 'as often as models are broken',
  },
  model_set_by_environment: {
    status: 409,
    title: 'MODEL_VERSION is set, and wins over what is chosen here',
    log: 'debug',
    frequency: 'rare',
  },
  nothing_to_roll_back: {
    status: 409,
    title: 'No other model was active before',
    log: 'debug',
    frequency: 'rare',
  },
  control_unavailable: {
    status: 503,
    title: 'What all instances agree on cannot be read or changed; what was known stays in force',
    log: 'warn',
    frequency: 'never, while Redis is up',
  },
  records_unavailable: {
    status: 503,
    title: 'The records cannot be written or asked; nothing was taken',
    log: 'error',
    frequency: 'never, while the records database is up',
  },
  decision_unrecorded: {
    status: 200,
    title:
      'The spool is full or the disk failed; the answer went out, degraded and unrecorded, as the policy says',
    log: 'error',
    frequency: 'never',
  },
  repeat_unresolved: {
    status: 200,
    title:
      'The transaction was seen before, but no decision of it was found within the budget; it was decided again',
    log: 'warn',
    frequency: 'after crashes, or where histories were filled from recorded traffic',
  },
  records_put_aside: {
    status: 200,
    title: 'Lines of the spool that the database does not take were put aside in DATA_DIR/spool-aside',
    log: 'error',
    frequency: 'never',
  },
  record_conflict: {
    status: 200,
    title:
      'A transaction_id was decided again with other content, after its stored decision had expired; both are kept',
    log: 'warn',
    frequency: 'never, once integrated',
  },
  overloaded: {
    status: 503,
    title:
      'More transactions come than can be decided in time; nothing of this one was read. Try again after Retry-After',
    log: 'debug',
    frequency: 'never, with enough instances',
  },
  invalid_budget: {
    status: 400,
    title: 'X-Latency-Budget-Ms is not valid; nothing was decided',
    log: 'debug',
    frequency: 'as often as callers err',
  },
  invalid_bypass: {
    status: 400,
    title: 'The bypass is not valid; nothing was changed',
    log: 'debug',
    frequency: 'as often as callers err',
  },
  bypass_set_by_environment: {
    status: 409,
    title: 'BYPASS_MODE is set, and wins over what is asked for here',
    log: 'debug',
    frequency: 'rare',
  },
  history_incomplete: {
    status: 200,
    title:
      'Transactions that were answered without the store did not come to the histories: it was away for too long; `npm run features -- rebuild` fills the hole',
    log: 'error',
    frequency: 'never, while Redis is up',
  },
  invalid_erasure: {
    status: 400,
    title: 'The erasure is not valid; nothing was erased',
    log: 'debug',
    frequency: 'as often as callers err',
  },
  erasure_incomplete: {
    status: 503,
    title:
      'The feature store could not be told to forget the card; ask again: what is done twice does no harm',
    log: 'warn',
    frequency: 'never, while Redis is up',
  },
  decision_not_found: {
    status: 404,
    title: 'No such decision is recorded',
    log: 'debug',
    frequency: 'any',
  },
  invalid_query: {
    status: 400,
    title: 'The query is not valid',
    log: 'debug',
    frequency: 'as often as callers err',
  },
  internal_error: {
    status: 500,
    title: 'The engine failed; the transaction was not decided',
    log: 'error',
    frequency: 'never',
  },
  features_unavailable: {
    status: 200,
    title: 'The feature store did not answer within the budget; decided on default features',
    log: 'warn',
    frequency: 'never, while Redis is up',
  },
  feature_store_commit_failed: {
    status: 200,
    title: 'An answered decision could not be stored for repeats and counters',
    log: 'warn',
    frequency: 'never, while Redis is up',
  },
  label_not_applied: {
    status: 200,
    title: 'Features could not be told of a label; it is kept, and they are told again',
    log: 'warn',
    frequency: 'never, while Redis is up',
  },
  stored_decision_unreadable: {
    status: 200,
    title: 'A stored decision cannot be read by this version; the transaction was decided anew',
    log: 'error',
    frequency: 'never',
  },
  model_unavailable: {
    status: 200,
    title: 'The model gave no usable score; the fail action was taken',
    log: 'error',
    frequency: 'never',
  },
  candidate_unavailable: {
    status: 200,
    title: 'The model of the rollout gave no usable score; the active one decided',
    log: 'warn',
    frequency: 'never',
  },
  shadow_unrecorded: {
    status: 200,
    title: 'What the shadow would have decided could not be written to DATA_DIR',
    log: 'warn',
    frequency: 'never',
  },
  rule_failed: {
    status: 200,
    title: 'A rule could not be evaluated, and counts as one that did not hit; the others were asked',
    log: 'error',
    frequency: 'never',
  },
  shadow_unavailable: {
    status: 200,
    title: 'The shadow gave no usable score, or fell behind; the answer does not depend on it',
    log: 'warn',
    frequency: 'never',
  },
} as const satisfies Record<
  string,
  { status: number; title: string; log: 'debug' | 'warn' | 'error'; frequency: string }
>;

export type ErrorCode = keyof typeof ERRORS;

/** One failing field. Values are never repeated: they could be card numbers. */
export interface FieldError {
  /** Path of the field, such as `amount` or `transactions[3].currency`; empty for the body itself. */
  readonly field: string;
  /** `required`, `type`, `range`, `length` (of a batch or a text), `format`, `choice`, `depth` or `card_number_refused`. */
  readonly code: string;
  readonly message: string;
}

/** RFC 9457 problem details with a stable `code`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
}

/** Builds the problem document of a code. */
export function problem(
  code: ErrorCode,
  extra: { detail?: string; errors?: readonly FieldError[] } = {},
): Problem {
  const { status, title } = ERRORS[code];
  return { type: `urn:fraud-detection:error:${code}`, title, status, code, ...extra };
}
