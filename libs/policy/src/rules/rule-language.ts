import { Environment } from '@marcbachmann/cel-js';
import { unguardedFields } from './absent-fields.js';
import { nearest, orRather } from './nearest.js';
import { factsWith, RuledTransaction, TRANSACTION_FIELDS, type RuleFacts } from './rule-facts.js';

/** Asks a rule about a row. */
export type Program = (facts: RuleFacts) => unknown;

/** What is wrong with an expression, and where in it. */
export interface Fault {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

export type Compiled = { readonly program: Program } | { readonly faults: readonly Fault[] };

interface CelError extends Error {
  readonly code?: string;
  readonly summary?: string;
  readonly range?: { readonly start: number; readonly end: number };
  readonly node?: { readonly op?: string; readonly args?: unknown };
}

const OPTIONAL: ReadonlySet<string> = new Set(
  TRANSACTION_FIELDS.filter(({ optional }) => optional).map(({ name }) => name),
);
const FIELDS = TRANSACTION_FIELDS.map(({ name }) => name);

/** The names and types that rules may use: every feature, `score`, and the fields of `transaction`. */
export class RuleLanguage {
  readonly features: readonly string[];
  private readonly environment: Environment;
  private readonly names: readonly string[];
  private readonly functions: readonly string[];

  /** @param features in the order of a vector, each with its type */
  constructor(features: ReadonlyMap<string, 'double'>) {
    this.features = [...features.keys()];
    this.names = [...this.features, 'score', 'transaction'];
    this.environment = new Environment({
      unlistedVariablesAreDyn: false,
      enableOptionalTypes: true,
      limits: { maxAstNodes: 1_000, maxDepth: 50 },
    })
      .registerType('Transaction', {
        ctor: RuledTransaction,
        fields: Object.fromEntries(TRANSACTION_FIELDS.map(({ name, type }) => [name, type])),
      })
      .registerVariable('transaction', 'Transaction')
      .registerVariable('score', 'double');
    for (const [name, type] of features) this.environment.registerVariable(name, type);
    this.functions = this.environment.getDefinitions().functions.map(({ name }) => name);
  }

  /** Facts to be filled in for each row. */
  facts(): RuleFacts {
    return factsWith(this.features);
  }

  /** Checks an expression against the names and types, and makes it ready. */
  compile(expression: string): Compiled {
    try {
      const parsed = this.environment.parse(expression);
      const { valid, type, error } = parsed.check();
      if (!valid) return { faults: [this.faultOf(error as CelError, expression)] };
      if (type !== 'bool') {
        const message = `a rule has to be true or false, and this is ${withArticle(String(type))}`;
        return { faults: [{ start: 0, end: expression.length, message }] };
      }
      const faults = unguardedFields(parsed.ast, OPTIONAL).map(({ name, start, end }) => ({
        start,
        end,
        message:
          `a transaction may have no ${name}: ask \`has(transaction.${name}) &&\` before it, ` +
          `or say what holds then, as in \`transaction.?${name}.orValue(…)\``,
      }));
      return faults.length > 0 ? { faults } : { program: parsed as unknown as Program };
    } catch (cause) {
      return { faults: [this.faultOf(cause as CelError, expression)] };
    }
  }

  private faultOf(error: CelError, expression: string): Fault {
    const { start, end } = error.range ?? { start: 0, end: expression.length };
    const summary = error.summary ?? error.message;
    const name = expression.slice(start, end);
    const at = { start, end };
    switch (error.code) {
      case 'unknown_variable': {
        const field = FIELDS.find((one) => one === name);
        // A field by its bare name is meant more often than something that is spelt like it.
        const rather =
          field === undefined ? orRather(name, this.names) : `; did you mean transaction.${field}?`;
        return { ...at, message: `there is no ${name}${rather}` };
      }
      case 'no_such_key':
        return { ...at, message: `a transaction has no ${name}${orRather(name, FIELDS)}` };
      case 'no_such_overload':
        return {
          ...at,
          message:
            summary +
            (/ double (==|!=) int|: double (==|!=) int/.test(summary)
              ? '; write the number with a point, such as 1.0'
              : ''),
        };
      case 'no_matching_overload': {
        const called = /'(?:[\w<>, ]+\.)?(\w+)\(/.exec(summary)?.[1] ?? '';
        const meant = this.functions.includes(called) ? null : nearest(called, this.functions);
        return { ...at, message: meant === null ? summary : `${summary}; did you mean ${meant}?` };
      }
      default:
        return { ...at, message: lowerFirst(summary) };
    }
  }
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const withArticle = (type: string): string => `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
