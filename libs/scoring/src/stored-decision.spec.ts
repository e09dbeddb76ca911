import {
  ARMS,
  DEGRADATIONS,
  GUARD_SIDES,
  LOG_ENTITIES,
  OUTCOMES,
  parseTransaction,
  SOURCES,
  type Decision,
} from '@fraud/contract';
import { FEATURE_NAMES, toCurrent } from '@fraud/features';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { degradedReason, guardReason, modelReason, ruleReason } from './reasons.js';
import { encodeDecision, restoreDecision } from './stored-decision.js';

const parsed = parseTransaction({
  transaction_id: 'tx',
  occurred_at: '2026-01-05T00:00:00Z',
  amount: 1,
  currency: 'EUR',
  card_id: 'c',
  merchant_id: 'm',
});
if (!parsed.ok) throw new Error('the example is valid');
const current = toCurrent(parsed, { version: '', convert: (amount) => amount });

const micros = fc.nat();
const score = fc.integer({ min: 0, max: 1e6 }).map((n) => n / 1e6);
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0);
const reason = fc.oneof(
  fc.constantFrom(...DEGRADATIONS).map(degradedReason),
  fc.constantFrom(...GUARD_SIDES).map(guardReason),
  fc.tuple(fc.string(), fc.string()).map((given) => ruleReason(...given)),
  fc
    .tuple(
      fc.oneof(fc.string(), fc.constantFrom(...FEATURE_NAMES.map((name) => `model.${name}`))),
      fc.option(number),
      number,
    )
    .map((given) => modelReason(...given)),
);
const timings = fc.record({
  queue: micros,
  state: micros,
  features: micros,
  model: micros,
  policy: micros,
  total: micros,
});
const text = fc.string({ maxLength: 12 });
const decision: fc.Arbitrary<Decision> = fc
  .record({
    decision: fc.constantFrom(...OUTCOMES),
    score: fc.option(score),
    source: fc.constantFrom(...SOURCES),
    degraded: fc.subarray([...DEGRADATIONS]),
    saturated: fc.subarray([...LOG_ENTITIES]),
    arm: fc.option(fc.constantFrom(...ARMS)),
    guard: fc.option(fc.constantFrom(...GUARD_SIDES)),
    rules: fc.array(text, { maxLength: 3 }),
    shadowRules: fc.array(text, { maxLength: 3 }),
    rulesVersion: fc.option(text),
    reasons: fc.array(reason, { maxLength: 5 }),
    versions: fc.record({
      engine: text,
      features: text,
      model: text,
      model_sha256: text,
      policy: text,
      fx: text,
    }),
    decidedAt: fc.integer({ min: 0, max: 4e12 }),
    timings_us: timings,
  })
  .map((d) => ({
    decision_id: current.identity.decisionId,
    transaction_id: 'tx',
    decision: d.decision,
    ...(d.score === null ? {} : { score: d.score }),
    source: d.source,
    degraded: d.degraded,
    ...(d.arm === null ? {} : { arm: d.arm }),
    ...(d.saturated.length === 0 ? {} : { saturated: d.saturated }),
    ...(d.guard === null ? {} : { guard: d.guard }),
    ...(d.rules.length === 0 ? {} : { rules: d.rules }),
    ...(d.shadowRules.length === 0 ? {} : { shadow_rules: d.shadowRules }),
    reasons: d.reasons,
    versions: { ...d.versions, ...(d.rulesVersion === null ? {} : { rules: d.rulesVersion }) },
    decided_at: new Date(d.decidedAt).toISOString(),
    timings_us: d.timings_us,
  }));

describe('a stored decision', () => {
  it('is restored to the very bytes of the answer', () => {
    fc.assert(
      fc.property(decision, (d) => {
        const bytes = encodeDecision(d, current.identity.contentHash, Date.parse(d.decided_at));
        expect(JSON.stringify(restoreDecision(bytes, current))).toBe(JSON.stringify(d));
      }),
    );
  });

  it('is not given to a transaction with other content', () => {
    fc.assert(
      fc.property(
        decision,
        (d) => restoreDecision(encodeDecision(d, 'other', Date.parse(d.decided_at)), current) === 'conflict',
      ),
    );
  });

  it.each([
    '',
    '{"x":1}',
    '["abc",9]',
    '[]',
    'null',
    '["abc",9,0,0,[],[],1,[1,2,3,4,5,6],["a","b","c","d","e","f"]]',
  ])('is unreadable, and throws nothing, where it says %s', (value) => {
    expect(restoreDecision(Buffer.from(value), current)).toBe('unreadable');
  });
});
