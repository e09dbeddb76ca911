import { JSONSchema } from 'class-validator-jsonschema';
import { IsArray, IsIn, IsNumber, IsObject, IsOptional, IsString } from 'class-validator';

/** From the mildest to the most severe. */
export const OUTCOMES = ['approve', 'step_up', 'review', 'decline'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What produced the outcome. `list` is part of the contract; nothing emits it yet. */
export const SOURCES = ['model', 'rules', 'list', 'fallback', 'bypass'] as const;
export type Source = (typeof SOURCES)[number];

/** Why an answer is weaker than it should be. Empty on a healthy answer. */
export const DEGRADATIONS = [
  'features_unavailable',
  'model_unavailable',
  'unknown_currency',
  'records_unavailable',
  'bypassed',
  'deadline_exceeded',
] as const;
export type Degradation = (typeof DEGRADATIONS)[number];

/** The sentences of the reasons that name them. */
export const DEGRADATION_TEXTS: Readonly<Record<Degradation, string>> = {
  features_unavailable: 'The history of card and merchant could not be read; decided without it',
  model_unavailable: 'The model gave no usable score',
  unknown_currency: 'The currency is not in the table that converts amounts; decided without the amount',
  records_unavailable: 'The decision could not be recorded',
  deadline_exceeded: 'There was no time left for all that a decision takes',
  bypassed: 'Scoring is bypassed: every transaction is approved',
};

/** What the guard watches: too many declines, or too many decisions without a score. */
export const GUARD_SIDES = ['declines', 'unscored'] as const;
export type GuardSide = (typeof GUARD_SIDES)[number];

/** The sentences of the reasons `guard.<side>`. */
export const GUARD_TEXTS: Readonly<Record<GuardSide, string>> = {
  declines: 'Far more is declined than usual: what would be declined is reviewed',
  unscored: 'Too much is decided without a score: what has none is declined',
};

/** Which model decided while a rollout is on: the one that has been active, or the one that is to follow. */
export const ARMS = ['control', 'candidate'] as const;
export type Arm = (typeof ARMS)[number];

/** Entities whose history is a log, of which features look at a number of events. */
export const LOG_ENTITIES = ['card', 'device', 'ip'] as const;
export type LogEntity = (typeof LOG_ENTITIES)[number];

/** One reason of a decision; model reasons name the feature and what it added. */
export interface Reason {
  /** `rule.<reason>`, one of the degradations, `guard.<side>`, or `model.<feature>`. */
  readonly code: string;
  /** The same in plain words. */
  readonly text: string;
  /** The feature's value, null where it was missing. Only on model reasons. */
  readonly value?: number | null;
  /** What the feature added to the score, in log-odds. Only on model reasons. */
  readonly contribution?: number;
}

/** Everything that decides an answer, so that it can be repeated. */
export interface Versions {
  /** Version of the running code. */
  readonly engine: string;
  /** Feature catalogue. */
  readonly features: string;
  readonly model: string;
  /** First 12 hex digits of the model file's sha256. */
  readonly model_sha256: string;
  /** Content hash of the policy (thresholds). */
  readonly policy: string;
  /** Version of the table that converts amounts. */
  readonly fx: string;
  /** Content hash of the rules; absent from answers of versions without rules. */
  readonly rules?: string;
}

/** Microseconds spent by stage; the stages of one turn are shared by the transactions that it batched. */
export interface StageTimings {
  readonly queue: number;
  readonly state: number;
  readonly features: number;
  readonly model: number;
  readonly policy: number;
  readonly total: number;
}

/** The answer to one transaction. */
export class Decision {
  @JSONSchema({
    description: 'Derived from the transaction id: the same transaction always gets the same id',
  })
  @IsString()
  decision_id!: string;

  @JSONSchema({ description: "The caller's id of the transaction" })
  @IsString()
  transaction_id!: string;

  @JSONSchema({ description: 'What to do with the transaction' })
  @IsIn(OUTCOMES)
  decision!: Outcome;

  @JSONSchema({
    description: 'Probability of fraud, 0 to 1, rounded to six decimals; absent when no model ran',
  })
  @IsOptional()
  @IsNumber()
  score?: number;

  @JSONSchema({ description: 'What produced the decision' })
  @IsIn(SOURCES)
  source!: Source;

  @JSONSchema({
    description: 'Why the answer is weaker than it should be; empty on a healthy answer',
    type: 'array',
    items: { type: 'string', enum: [...DEGRADATIONS] },
  })
  @IsArray()
  degraded!: Degradation[];

  @JSONSchema({
    description:
      'Which model decided, while a share of the cards is given to another one: `candidate` is that one; absent otherwise',
  })
  @IsOptional()
  @IsIn(ARMS)
  arm?: Arm;

  @JSONSchema({
    description:
      'Entities whose history has more transactions within the windows of the features than features look at, so that counts and sums are larger than they say; absent where there is none. The decision is a full one: it is not degraded',
    type: 'array',
    items: { type: 'string', enum: [...LOG_ENTITIES] },
  })
  @IsOptional()
  @IsArray()
  saturated?: readonly LogEntity[];

  @JSONSchema({
    description:
      'A safe mode of the guard changed the outcome: far more is declined than usual, and this is reviewed instead; or too much has no score, and this is declined. Absent otherwise',
  })
  @IsOptional()
  @IsIn(GUARD_SIDES)
  guard?: GuardSide;

  @JSONSchema({
    description:
      'Rules that hit, by their ids, in the order of the file; absent where there is none. Where one of them decided, `source` is `rules`',
    type: 'array',
    items: { type: 'string' },
  })
  @IsOptional()
  @IsArray()
  rules?: readonly string[];

  @JSONSchema({
    description:
      'Rules in shadow that would have hit, by their ids: they decide nothing; absent where there is none',
    type: 'array',
    items: { type: 'string' },
  })
  @IsOptional()
  @IsArray()
  shadow_rules?: readonly string[];

  @JSONSchema({
    description: 'At most five: rules, then what degraded the answer, then the strongest of the model',
    type: 'array',
    items: {
      type: 'object',
      required: ['code', 'text'],
      properties: {
        code: {
          type: 'string',
          description:
            'stable: `rule.` and the reason of the rule, what degraded the answer, `guard.` and its side, or `model.` and the feature',
        },
        text: { type: 'string', description: 'the same in plain words, with the value; not stable' },
        value: { type: ['number', 'null'] as never },
        contribution: { type: 'number', description: 'added to the score, in log-odds' },
      },
    },
  })
  @IsArray()
  reasons!: Reason[];

  @JSONSchema({
    description: 'Versions of everything that decided this answer',
    type: 'object',
    properties: {
      engine: { type: 'string' },
      features: { type: 'string' },
      model: { type: 'string' },
      model_sha256: { type: 'string' },
      policy: { type: 'string' },
      fx: { type: 'string' },
      rules: { type: 'string' },
    },
  })
  @IsObject()
  versions!: Versions;

  @JSONSchema({ description: 'When it was decided', format: 'date-time' })
  @IsString()
  decided_at!: string;

  @JSONSchema({
    description: 'Microseconds by stage',
    type: 'object',
    properties: {
      queue: { type: 'integer' },
      state: { type: 'integer' },
      features: { type: 'integer' },
      model: { type: 'integer' },
      policy: { type: 'integer' },
      total: { type: 'integer' },
    },
  })
  @IsObject()
  timings_us!: StageTimings;
}
