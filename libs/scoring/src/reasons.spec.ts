import { FEATURE_NAMES, VECTOR_LENGTH } from '@fraud/features';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reasonsOf } from './reasons.js';

const AT = 5;
const row = fc.array(
  fc.integer({ min: -8, max: 8 }).map((n) => n / 40),
  { minLength: VECTOR_LENGTH, maxLength: VECTOR_LENGTH },
);

/** A row that does not begin at the beginning. */
const placed = (values: readonly number[]): Float32Array =>
  Float32Array.from([...Array.from({ length: AT }, () => 9), ...values]);

describe('the reasons of a decision', () => {
  it('are the three features that raised the score most, of equals the first of the catalogue', () => {
    fc.assert(
      fc.property(row, (contributions) => {
        const expected = contributions
          .map((c, i) => [Math.fround(c), i] as const)
          .filter(([c]) => c > 0.05)
          .toSorted(([a, i], [b, j]) => b - a || i - j)
          .slice(0, 3)
          .map(([, i]) => `model.${FEATURE_NAMES[i]!}`);
        const given = reasonsOf('review', [], [], placed(contributions), placed(contributions), AT);
        expect(given.map(({ code }) => code)).toEqual(expected);
      }),
    );
  });

  it('give value and sentence of the feature, and say that a value is missing', () => {
    const contributions = Array.from({ length: VECTOR_LENGTH }, () => 0);
    const vector = [...contributions];
    const [count, ratio] = ['card_count_1h', 'card_ratio_7d'].map((name) => FEATURE_NAMES.indexOf(name));
    contributions[count!] = 1.23456;
    contributions[ratio!] = 0.5;
    vector[count!] = 7;
    vector[ratio!] = NaN;
    expect(reasonsOf('decline', [], [], placed(vector), placed(contributions), AT)).toEqual([
      {
        code: 'model.card_count_1h',
        text: 'Transactions of the card in one hour: 7',
        value: 7,
        contribution: 1.2346,
      },
      {
        code: 'model.card_ratio_7d',
        text: 'Amount ÷ the mean of the 7 days before this one: not known',
        value: null,
        contribution: 0.5,
      },
    ]);
  });

  it('begin with what degraded the answer, in plain words; an approved transaction has no others', () => {
    const raised = placed(Array.from({ length: VECTOR_LENGTH }, () => 1));
    const degraded = reasonsOf('step_up', [], ['features_unavailable'], raised, raised, AT);
    expect(degraded).toHaveLength(4);
    expect(degraded[0]?.text).toMatch(/^The history/);
    expect(reasonsOf('approve', [], [], raised, raised, AT)).toEqual([]);
  });

  it('begin with the rules that decided, and are five at most; what degraded the answer is always among them', () => {
    const raised = placed(Array.from({ length: VECTOR_LENGTH }, () => 1));
    const rules = ['a', 'b', 'a', 'c', 'd', 'e', 'f'].map((reason, i) => ({
      reason,
      sentence: `${reason} ${i}`,
    }));
    const codes = (...given: Parameters<typeof reasonsOf>): string[] =>
      reasonsOf(...given).map(({ code }) => code);
    expect(reasonsOf('decline', rules.slice(0, 3), [], raised, raised, AT).slice(0, 2)).toEqual([
      { code: 'rule.a', text: 'a 0' },
      { code: 'rule.b', text: 'b 1' },
    ]);
    expect(codes('decline', rules.slice(0, 1), [], raised, raised, AT)).toHaveLength(4);
    expect(codes('decline', rules.slice(0, 3), [], raised, raised, AT)).toHaveLength(5);
    expect(codes('decline', rules, [], raised, raised, AT)).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((r) => `rule.${r}`),
    );
    expect(codes('decline', rules, ['features_unavailable', 'model_unavailable'], raised, null, AT)).toEqual([
      'rule.a',
      'rule.b',
      'rule.c',
      'features_unavailable',
      'model_unavailable',
    ]);
    expect(codes('approve', rules.slice(0, 1), [], raised, raised, AT)).toEqual(['rule.a']);
  });
});
