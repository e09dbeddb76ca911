import { hash } from 'node:crypto';
import { parseInstant } from '@fraud/contract';
import { Ajv, type ErrorObject } from 'ajv';
import { isNode, isScalar, parseDocument, type Document } from 'yaml';
import { RULES_SCHEMA, type Rule, type RuleTest } from './rule.js';
import { orRather } from './nearest.js';
import { placeInScalar, type Range } from './scalar-place.js';
import { TRANSACTION_FIELDS, type RuleFacts } from './rule-facts.js';
import type { RuleLanguage } from './rule-language.js';
import { RuleSet, type ReadyRule } from './rule-set.js';
import { SourceText } from './source-text.js';

/** A rules.yaml that is not valid; the message has every fault, with its place. */
export class RulesRefused extends Error {
  override readonly name = 'RulesRefused';

  constructor(
    readonly file: string,
    readonly faults: readonly string[],
  ) {
    super(`${file} is not valid:\n${faults.join('\n')}`);
  }
}

const validate = new Ajv({ allErrors: true, strict: false }).compile<{ rules: Rule[] }>(RULES_SCHEMA);

/** What a transaction of a test has where the test does not say. */
const USUAL: Readonly<Record<string, string | number>> = {
  transaction_id: 'test',
  occurred_at: '2026-01-05T12:00:00Z',
  amount: 1_000,
  currency: 'EUR',
  card_id: 'card',
  merchant_id: 'merchant',
};
const FIELD_NAMES = TRANSACTION_FIELDS.map(({ name }) => name);

/**
 * Reads rules, and runs the tests that stand beside them.
 * @param name what faults call the file
 * @throws RulesRefused with every fault: file, line, column, and a mark under it
 */
export function readRules(text: string, name: string, language: RuleLanguage): RuleSet {
  const file = new RulesFile(text, name, language);
  const rules = file.read();
  if (rules === null) throw new RulesRefused(name, file.faults);
  return new RuleSet(rules, hash('sha256', text, 'hex').slice(0, 12), text);
}

type Path = readonly (string | number)[];

class RulesFile {
  readonly faults: string[] = [];
  private readonly source: SourceText;
  private readonly document: Document;

  constructor(
    private readonly text: string,
    name: string,
    private readonly language: RuleLanguage,
  ) {
    this.source = new SourceText(name, text);
    this.document = parseDocument(text, { prettyErrors: false });
  }

  /** Null where there is a fault. */
  read(): ReadyRule[] | null {
    for (const { pos, message } of this.document.errors) this.add({ start: pos[0], end: pos[1] }, message);
    if (this.faults.length > 0) return null;
    const content: unknown = this.document.toJS();
    if (!validate(content)) {
      for (const error of validate.errors ?? []) this.addOfSchema(error);
      return null;
    }
    const rules = content.rules.map((rule, place) => this.ready(rule, place));
    this.checkIds(content.rules);
    return this.faults.length > 0 ? null : rules.filter((rule) => rule !== null);
  }

  private ready(rule: Rule, place: number): ReadyRule | null {
    const fromMs = this.instant(rule.valid_from, -Infinity, ['rules', place, 'valid_from']);
    const untilMs = this.instant(rule.valid_until, Infinity, ['rules', place, 'valid_until']);
    if (fromMs >= untilMs)
      this.add(
        this.rangeOf(['rules', place, 'valid_until']),
        `rule ${rule.id} is never valid: it ends before it begins`,
      );
    const compiled = this.language.compile(rule.when);
    if ('faults' in compiled) {
      const range = this.rangeOf(['rules', place, 'when']);
      for (const { start, end, message } of compiled.faults)
        this.add(placeInScalar({ value: rule.when, range }, { start, end }, this.text), message);
      return null;
    }
    const ready = { ...rule, program: compiled.program, fromMs, untilMs };
    rule.tests?.forEach((test, n) => {
      this.try(ready, test, ['rules', place, 'tests', n]);
    });
    return ready;
  }

  private instant(text: string | undefined, otherwise: number, path: Path): number {
    if (text === undefined) return otherwise;
    const instant = parseInstant(text);
    if (instant === null) this.add(this.rangeOf(path), 'there is no such day or hour');
    return instant?.epochMs ?? otherwise;
  }

  private checkIds(rules: readonly Rule[]): void {
    const seen = new Set<string>();
    rules.forEach(({ id }, place) => {
      if (seen.has(id)) this.add(this.rangeOf(['rules', place, 'id']), `there is a rule ${id} already`);
      seen.add(id);
    });
  }

  private try(rule: ReadyRule, test: RuleTest, path: Path): void {
    if (!this.knowsAll(test, path)) return;
    const facts = this.factsOf(test);
    let hit: boolean;
    try {
      hit = rule.program(facts) === true;
    } catch (cause) {
      this.add(
        this.rangeOf(path),
        `the test of rule ${rule.id} could not be run: ${(cause as Error).message.split('\n')[0]}`,
      );
      return;
    }
    if (hit === (test.expect === 'hit')) return;
    const title = test.name === undefined ? '' : ` (${test.name})`;
    this.add(
      this.rangeOf([...path, 'expect']),
      `the test${title} of rule ${rule.id} expects ${test.expect}, and it is ${hit ? 'a hit' : 'none'}`,
    );
  }

  private knowsAll({ given: { transaction = {}, features = {} } }: RuleTest, path: Path): boolean {
    const before = this.faults.length;
    for (const [part, names, known, what] of [
      ['transaction', Object.keys(transaction), FIELD_NAMES, 'field of a transaction'],
      ['features', Object.keys(features), this.language.features, 'feature'],
    ] as const)
      for (const name of names)
        if (!known.includes(name))
          this.add(
            this.keyRangeOf([...path, 'given', part, name]),
            `there is no ${what} ${name}${orRather(name, known)}`,
          );
    for (const [name, value] of Object.entries(transaction)) {
      const type = TRANSACTION_FIELDS.find((field) => field.name === name)?.type;
      if (type !== undefined && (typeof value === 'number') !== (type === 'double'))
        this.add(
          this.rangeOf([...path, 'given', 'transaction', name]),
          `${name} is ${type === 'double' ? 'a number' : 'a text'}`,
        );
    }
    return this.faults.length === before;
  }

  private factsOf({ given: { transaction, features = {}, score } }: RuleTest): RuleFacts {
    const facts = this.language.facts();
    facts.transaction.of = { ...USUAL, ...transaction } as never;
    facts.values = this.language.features.map((feature) => features[feature] ?? NaN);
    facts.score = score ?? NaN;
    return facts;
  }

  private addOfSchema({ instancePath, keyword, params, message }: ErrorObject): void {
    const path = instancePath
      .split('/')
      .slice(1)
      .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    const field = path.findLast((part) => typeof part === 'string') ?? 'the file';
    if (keyword === 'additionalProperties') {
      const { additionalProperty: name } = params as { additionalProperty: string };
      this.add(this.keyRangeOf([...path, name]), `there is no ${name} here${orRather(name, knownAt(path))}`);
      return;
    }
    const allowed =
      keyword === 'enum' ? `: ${(params as { allowedValues: string[] }).allowedValues.join(', ')}` : '';
    this.add(this.rangeOf(path), `${field} ${message ?? 'is not valid'}${allowed}`);
  }

  private add({ start, end }: Range, message: string): void {
    this.faults.push(this.source.pointAt(start, end, message));
  }

  /** Where a value stands; what holds it, where there is none. */
  private rangeOf(path: Path): Range {
    const node = path.length === 0 ? this.document.contents : this.document.getIn(path, true);
    if (isNode(node) && node.range !== null && node.range !== undefined)
      return { start: node.range[0], end: isScalar(node) ? node.range[1] : node.range[0] + 1 };
    return path.length === 0 ? { start: 0, end: 1 } : this.rangeOf(path.slice(0, -1));
  }

  /** Where the name of a value stands. */
  private keyRangeOf(path: Path): Range {
    const holder = path.length === 1 ? this.document.contents : this.document.getIn(path.slice(0, -1), true);
    const items = (holder as { items?: { key?: unknown }[] } | null)?.items ?? [];
    const key = items.map((pair) => pair.key).find((one) => isScalar(one) && one.value === path.at(-1));
    return isScalar(key) && key.range !== null && key.range !== undefined
      ? { start: key.range[0], end: key.range[1] }
      : this.rangeOf(path);
  }
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** The names that the schema knows at a path. */
function knownAt(path: Path): string[] {
  let schema: Schema | undefined = RULES_SCHEMA as unknown as Schema;
  for (const part of path) schema = typeof part === 'number' ? schema?.items : schema?.properties?.[part];
  return Object.keys(schema?.properties ?? {});
}
