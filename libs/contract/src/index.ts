export { isCardNumber } from './card-number.js';
export {
  ARMS,
  Decision,
  DEGRADATION_TEXTS,
  DEGRADATIONS,
  GUARD_SIDES,
  GUARD_TEXTS,
  LOG_ENTITIES,
  OUTCOMES,
  SOURCES,
  type Arm,
  type Degradation,
  type GuardSide,
  type LogEntity,
  type Outcome,
  type Reason,
  type Source,
  type StageTimings,
  type Versions,
} from './decision.js';
export { ERRORS, problem, type ErrorCode, type FieldError, type Problem } from './errors.js';
export { decisionIdOf, identify, type Identity } from './identity.js';
export { parseInstant, type Instant } from './instant.js';
export { Label, LABEL_SOURCES, TRUTHS, type LabelSource, type Truth } from './label.js';
export { parseLabel, type InvalidLabel, type ParsedLabel } from './parse-label.js';
export { parseTransaction, type InvalidTransaction, type ParsedTransaction } from './parse.js';
export { CONTRACT_SCHEMAS, type JsonSchema } from './schema.js';
export {
  CHANNELS,
  CODED_FIELDS,
  Transaction,
  type Channel,
  type Coded,
  type CodedField,
} from './transaction.js';
