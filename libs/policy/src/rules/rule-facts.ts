import { CONTRACT_SCHEMAS, type Transaction } from '@fraud/contract';

/** A type of the Common Expression Language that a field of a transaction has in rules. */
type FieldType = 'string' | 'double' | 'timestamp';

export interface TransactionField {
  readonly name: string;
  readonly type: FieldType;
  /** A transaction may lack it: a rule has to say what it does then. */
  readonly optional: boolean;
}

/** `metadata` is the caller's own, and not interpreted. */
const NOT_FOR_RULES = new Set(['metadata']);

/** The fields of a transaction that rules know, from the contract. */
export const TRANSACTION_FIELDS: readonly TransactionField[] = Object.entries(
  CONTRACT_SCHEMAS.Transaction.properties ?? {},
)
  .filter(([name]) => !NOT_FOR_RULES.has(name))
  .map(([name, { type }]) => ({
    name,
    type: name === 'occurred_at' ? 'timestamp' : type === 'string' ? 'string' : 'double',
    optional: CONTRACT_SCHEMAS.Transaction.required?.includes(name) !== true,
  }));

/** A transaction as rules see it: its fields are read where they are asked for. */
export class RuledTransaction {
  of: Transaction = undefined as unknown as Transaction;
}
for (const { name, type } of TRANSACTION_FIELDS)
  Object.defineProperty(RuledTransaction.prototype, name, {
    get(this: RuledTransaction): unknown {
      const value: unknown = this.of[name as keyof Transaction];
      return type === 'timestamp' ? new Date(value as string) : value;
    },
  });

/** What rules are asked about: one row of a turn. Reused for every row; nothing is copied. */
export interface RuleFacts {
  readonly transaction: RuledTransaction;
  /** NaN where no model gave one: every comparison with it is false. */
  score: number;
  /** The feature vectors of a turn, and where in them the row begins. */
  values: ArrayLike<number>;
  at: number;
}

/** Facts whose features are read by their names, in the order of a vector. */
export function factsWith(features: readonly string[]): RuleFacts {
  class Facts implements RuleFacts {
    readonly transaction = new RuledTransaction();
    score = NaN;
    values: ArrayLike<number> = [];
    at = 0;
  }
  features.forEach((name, place) => {
    Object.defineProperty(Facts.prototype, name, {
      get(this: Facts): number {
        return this.values[this.at + place]!;
      },
    });
  });
  return new Facts();
}
