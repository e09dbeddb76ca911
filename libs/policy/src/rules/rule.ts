import { OUTCOMES, type Outcome } from '@fraud/contract';

/** What a rule does to the answer. `approve` lets through what the model alone would challenge or have reviewed. */
const RULE_ACTIONS = OUTCOMES;
export type RuleAction = Outcome;

/** `shadow`: it is evaluated and counted, and changes nothing. */
const RULE_MODES = ['live', 'shadow'] as const;
export type RuleMode = (typeof RULE_MODES)[number];

/** What a test of a rule gives: all other features are missing, and the transaction has nothing but what is required. */
interface RuleTestGiven {
  readonly transaction?: Readonly<Record<string, string | number>>;
  readonly features?: Readonly<Record<string, number>>;
  /** Default: no model ran. */
  readonly score?: number;
}

export interface RuleTest {
  readonly name?: string;
  readonly given: RuleTestGiven;
  readonly expect: 'hit' | 'no hit';
}

/** One rule, as it stands in rules.yaml. */
export interface Rule {
  readonly id: string;
  /** CEL, of type bool. */
  readonly when: string;
  readonly action: RuleAction;
  /** Code of the reason; in answers it begins with `rule.`. */
  readonly reason: string;
  /** The same in plain words. */
  readonly sentence: string;
  readonly mode: RuleMode;
  /** RFC 3339; before it the rule sleeps. */
  readonly valid_from?: string;
  /** RFC 3339; from then on the rule sleeps. */
  readonly valid_until?: string;
  readonly tags?: readonly string[];
  readonly tests?: readonly RuleTest[];
}

const INSTANT = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$';
const NAME = '^[a-z][a-z0-9]*([_-][a-z0-9]+)*$';

const given = {
  type: 'object',
  additionalProperties: false,
  properties: {
    transaction: { type: 'object', additionalProperties: { type: ['string', 'number'] } },
    features: { type: 'object', additionalProperties: { type: 'number' } },
    score: { type: 'number', minimum: 0, maximum: 1 },
  },
};

/** JSON Schema of rules.yaml. */
export const RULES_SCHEMA = {
  type: 'object',
  required: ['rules'],
  additionalProperties: false,
  properties: {
    rules: {
      type: 'array',
      maxItems: 1_000,
      items: {
        type: 'object',
        required: ['id', 'when', 'action', 'reason', 'sentence', 'mode'],
        additionalProperties: false,
        properties: {
          id: { type: 'string', maxLength: 64, pattern: NAME },
          when: { type: 'string', minLength: 1, maxLength: 4_000 },
          action: { enum: RULE_ACTIONS },
          reason: { type: 'string', maxLength: 64, pattern: '^[a-z][a-z0-9]*(_[a-z0-9]+)*$' },
          sentence: { type: 'string', minLength: 1, maxLength: 200 },
          mode: { enum: RULE_MODES },
          valid_from: { type: 'string', pattern: INSTANT },
          valid_until: { type: 'string', pattern: INSTANT },
          tags: { type: 'array', items: { type: 'string', maxLength: 64, pattern: NAME }, uniqueItems: true },
          tests: {
            type: 'array',
            items: {
              type: 'object',
              required: ['given', 'expect'],
              additionalProperties: false,
              properties: {
                name: { type: 'string', minLength: 1, maxLength: 200 },
                given,
                expect: { enum: ['hit', 'no hit'] },
              },
            },
          },
        },
      },
    },
  },
};
