import { describe, expect, it } from 'vitest';
import { readRules, RulesRefused } from './read-rules.js';
import { RuleLanguage } from './rule-language.js';

const language = new RuleLanguage(
  new Map(['amount', 'card_count_1h', 'card_speed_kmh', 'is_night'].map((name) => [name, 'double'] as const)),
);
const read = (text: string) => readRules(text, 'rules.yaml', language);

/** A rule whose condition is given as it stands in the file. */
const rule = (when: string, more = ''): string =>
  `rules:\n  - id: one\n    when: ${when}\n    action: decline\n    reason: card_testing\n    sentence: Too fast\n    mode: live\n${more}`;

function refusal(text: string): RulesRefused {
  try {
    read(text);
  } catch (cause) {
    if (cause instanceof RulesRefused) return cause;
    throw cause;
  }
  throw new Error('it was taken');
}
const faultsOf = (text: string): readonly string[] => refusal(text).faults;
/** The first lines: where, and what. */
const saidOf = (text: string): string[] => faultsOf(text).map((fault) => fault.split('\n')[0]!);
/** What the first mark is under. */
function marked(text: string): string {
  const [, line, mark] = faultsOf(text)[0]!.split('\n');
  const at = mark!.indexOf('^');
  return line!.slice(at, at + mark!.trimEnd().length - at);
}

describe('a file of rules', () => {
  it('is read with the version of its content', () => {
    const rules = read(rule('card_count_1h > 5'));
    expect(rules.rules.map(({ id, action, mode }) => [id, action, mode])).toEqual([
      ['one', 'decline', 'live'],
    ]);
    expect(rules.version).toMatch(/^[0-9a-f]{12}$/);
    expect(read(rule('card_count_1h > 5')).version).toBe(rules.version);
    expect(read(rule('card_count_1h > 6')).version).not.toBe(rules.version);
  });

  it('points at an unknown name, with the nearest that there is', () => {
    expect(refusal(rule('card_count_1hr > 5 && amount > 1.0')).message).toBe(
      [
        'rules.yaml is not valid:',
        'rules.yaml:3:11: there is no card_count_1hr; did you mean card_count_1h?',
        '  3 |     when: card_count_1hr > 5 && amount > 1.0',
        '    |           ^^^^^^^^^^^^^^',
      ].join('\n'),
    );
  });

  it.each([
    ['plain', rule('amount > 1.0 && is_nigth > 0'), 'rules.yaml:3:27'],
    ['in quotes', rule(`"amount > 1.0 && is_nigth > 0"`), 'rules.yaml:3:28'],
    ['over two lines', rule('amount > 1.0 &&\n      is_nigth > 0'), 'rules.yaml:4:7'],
    ['in a block', rule('|\n      amount > 1.0\n      && is_nigth > 0'), 'rules.yaml:5:10'],
    ['in a folded block', rule('>-\n      amount > 1.0\n      && is_nigth > 0'), 'rules.yaml:5:10'],
  ])('finds the place of a fault in an expression %s', (_, text, place) => {
    expect(saidOf(text)).toEqual([`${place}: there is no is_nigth; did you mean is_night?`]);
    expect(marked(text)).toBe('is_nigth');
  });

  it.each([
    ['currency == "EUR"', 'there is no currency; did you mean transaction.currency?'],
    ['transaction.currancy == "EUR"', 'a transaction has no currancy; did you mean currency?'],
    ['card_count_1h == "5"', 'no such overload: double == string'],
    ['is_night == 1', 'no such overload: double == int; write the number with a point, such as 1.0'],
    ['card_count_1h + 1.0', 'a rule has to be true or false, and this is a double'],
    [
      'transaction.currency.startWith("E")',
      "found no matching overload for 'string.startWith(string)'; did you mean startsWith?",
    ],
    ['card_count_1h >', 'unexpected token: EOF'],
  ])('refuses `%s`', (when, message) => {
    expect(saidOf(rule(`'${when}'`))[0]).toContain(`: ${message}`);
  });

  it.each([
    'transaction.country == "FR"',
    'transaction.country == "FR" && has(transaction.country)',
    'has(transaction.country) || transaction.country == "FR"',
    'has(transaction.channel) && transaction.country == "FR"',
    '!(has(transaction.country)) && transaction.country == "FR"',
    'has(transaction.country) ? amount > 1.0 : transaction.country == "FR"',
    'transaction.country in ["FR", "DE"]',
    '["FR", "DE"].exists(c, c == transaction.country)',
    '(has(transaction.country) && amount > 1.0) || transaction.country == "FR"',
  ])('refuses `%s`, which says nothing of a transaction without a country', (when) => {
    const said = saidOf(rule(`'${when}'`));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(
      'a transaction may have no country: ask `has(transaction.country) &&` before it',
    );
    expect(marked(rule(`'${when}'`))).toBe('transaction.country');
  });

  it.each([
    'has(transaction.country) && transaction.country == "FR"',
    'amount > 1.0 && has(transaction.country) && (transaction.country == "FR" || transaction.country == "DE")',
    '!has(transaction.country) || transaction.country == "FR"',
    'has(transaction.country) ? transaction.country == "FR" : amount > 1.0',
    '!has(transaction.country) ? amount > 1.0 : transaction.country == "FR"',
    'transaction.?country.orValue("") == "FR"',
    '!(!has(transaction.country) || amount > 1.0) && transaction.country == "FR"',
    'has(transaction.country) && ["FR", "DE"].exists(c, c == transaction.country)',
    'transaction.currency == "EUR" && transaction.amount > 100',
  ])('takes `%s`, and a transaction without what is optional does not make it throw', (when) => {
    const [one] = read(rule(`'${when}'`)).rules;
    const facts = language.facts();
    facts.values = [1, 1, 1, 1];
    facts.transaction.of = {
      transaction_id: 't',
      occurred_at: '2026-01-05T12:00:00Z',
      amount: 1,
      currency: 'EUR',
      card_id: 'c',
      merchant_id: 'm',
    };
    expect(typeof one!.program(facts)).toBe('boolean');
  });

  it('names every fault of a file at once, each with its place', () => {
    const text = [
      'rules:',
      '  - id: one',
      '    when: amont > 1.0',
      '    action: decline',
      '    reason: a',
      '    sentence: s',
      '    mode: live',
      '  - id: one',
      '    when: amount > 1.0',
      '    action: decline',
      '    reason: a',
      '    sentence: s',
      '    mode: live',
      "    valid_from: '2026-02-30T00:00:00Z'",
    ].join('\n');
    expect(saidOf(text)).toEqual([
      'rules.yaml:3:11: there is no amont; did you mean amount?',
      'rules.yaml:14:17: there is no such day or hour',
      'rules.yaml:8:9: there is a rule one already',
    ]);
  });

  it.each([
    [
      'a field that is not known',
      rule('amount > 1.0', '    actoin: decline\n'),
      'rules.yaml:8:5: there is no actoin here; did you mean action?',
    ],
    [
      'an unknown action',
      rule('amount > 1.0').replace('decline', 'block'),
      'rules.yaml:4:13: action must be equal to one of the allowed values: approve, step_up, review, decline',
    ],
    [
      'a field that is missing',
      rule('amount > 1.0').replace('    mode: live\n', ''),
      "rules.yaml:2:5: rules must have required property 'mode'",
    ],
    ['what is no YAML', 'rules: [', 'rules.yaml:1:9: '],
    [
      'an end before the beginning',
      rule(
        'amount > 1.0',
        "    valid_from: '2026-02-01T00:00:00Z'\n    valid_until: '2026-01-01T00:00:00Z'\n",
      ),
      'rules.yaml:9:18: rule one is never valid: it ends before it begins',
    ],
  ])('is refused with %s', (_, text, said) => {
    expect(saidOf(text)[0]).toContain(said);
  });
});

describe('the tests beside a rule', () => {
  const tested = (given: string, expected: string): string =>
    rule(
      '\'has(transaction.country) && transaction.country != "FR" && card_count_1h > 5 && !(score < 0.1)\'',
      `    tests:\n      - name: abroad\n        given: ${given}\n        expect: ${expected}\n`,
    );

  it('are run when the file is read: what is not given is missing', () => {
    expect(
      read(tested('{ transaction: { country: DE }, features: { card_count_1h: 6 } }', 'hit')).rules,
    ).toHaveLength(1);
    expect(
      read(tested('{ transaction: { country: DE }, features: { card_count_1h: 6 }, score: 0.05 }', 'no hit'))
        .rules,
    ).toHaveLength(1);
    expect(read(tested('{ features: { card_count_1h: 6 } }', 'no hit')).rules).toHaveLength(1);
    expect(read(tested('{ transaction: { country: DE } }', 'no hit')).rules).toHaveLength(1);
  });

  it('refuse the file where one fails, at what it expects', () => {
    expect(saidOf(tested('{ transaction: { country: FR }, features: { card_count_1h: 6 } }', 'hit'))).toEqual(
      ['rules.yaml:11:17: the test (abroad) of rule one expects hit, and it is none'],
    );
  });

  it('refuse names that there are not, and values of another type', () => {
    expect(saidOf(tested('{ transaction: { contry: FR }, features: { card_count_1hr: 6 } }', 'hit'))).toEqual(
      [
        'rules.yaml:10:33: there is no field of a transaction contry; did you mean country?',
        'rules.yaml:10:59: there is no feature card_count_1hr; did you mean card_count_1h?',
      ],
    );
    expect(saidOf(tested('{ transaction: { country: 33 } }', 'hit'))[0]).toContain('country is a text');
  });
});

describe('asking rules', () => {
  const facts = language.facts();
  facts.transaction.of = { amount: 5 } as never;
  facts.values = new Float32Array([0, 0, 0, 0, 5, 9, NaN, 1]);

  it('reads the features of a row by its place, and tells live hits from those in shadow', () => {
    const text = `${rule('card_count_1h > 5')}${rule('amount > 1.0').replace('rules:\n', '').replace('id: one', 'id: two').replace('live', 'shadow')}`;
    const rules = read(text);
    const failed = (): never => {
      throw new Error('none fails');
    };
    facts.at = 4;
    const { live, shadow } = rules.ask(facts, 0, failed);
    expect([live.map(({ id }) => id), shadow.map(({ id }) => id)]).toEqual([['one'], ['two']]);
    facts.at = 0;
    expect(rules.ask(facts, 0, failed)).toEqual({ live: [], shadow: [] });
  });

  it('lets a rule sleep before and after its time', () => {
    const rules = read(
      rule(
        'amount > 1.0',
        "    valid_from: '2026-02-01T00:00:00Z'\n    valid_until: '2026-03-01T00:00:00Z'\n",
      ),
    );
    facts.at = 4;
    const hits = (at: string): number => rules.ask(facts, Date.parse(at), () => undefined).live.length;
    expect(
      ['2026-01-31T23:59:59Z', '2026-02-01T00:00:00Z', '2026-02-28T23:59:59Z', '2026-03-01T00:00:00Z'].map(
        hits,
      ),
    ).toEqual([0, 1, 1, 0]);
  });

  it('goes on where a rule throws, tells of it, and takes it for no hit', () => {
    const rules = read(
      `${rule("'int(transaction.currency) > 5'")}${rule('amount > 1.0').replace('rules:\n', '').replace('id: one', 'id: two')}`,
    );
    facts.at = 4;
    facts.transaction.of = { amount: 5, currency: 'EUR' } as never;
    const failures: string[] = [];
    const { live } = rules.ask(facts, 0, ({ id }) => failures.push(id));
    expect([live.map(({ id }) => id), failures]).toEqual([['two'], ['one']]);
  });
});
