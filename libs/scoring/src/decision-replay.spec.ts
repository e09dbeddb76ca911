import { parseTransaction, type Decision, type ParsedTransaction } from '@fraud/contract';
import { Pseudonyms, VECTOR_LENGTH } from '@fraud/features';
import { ServedModel, type Model } from '@fraud/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecisionReplay, type ReplayedRow } from './decision-replay.js';
import { NO_RULES } from './rules/rules-file.js';
import type { Strategy } from './strategy.js';

const START = Date.parse('2026-03-01T00:00:00Z');
const tables = {
  fx: { version: 'fx', convert: (amount: number, currency: string) => (currency === 'EUR' ? amount : NaN) },
  pseudonyms: new Pseudonyms('key'),
};

const SMALL = { maxCards: 100, maxMerchants: 100, maxDecisions: 100 };
const replayOf = (...strategies: [Strategy, ...Strategy[]]): DecisionReplay =>
  new DecisionReplay(tables, strategies, SMALL);

/** A model whose score depends on every feature; it counts the rows that it scored. */
function aModel(version: string, bias: number): { model: ServedModel; scored: () => number } {
  let scored = 0;
  const model: Model = {
    manifest: { version, model: { sha256: version.repeat(64) } } as unknown as Model['manifest'],
    directory: '',
    source: 'directory',
    run: (vectors, rows) => {
      scored += rows;
      const scores = Float32Array.from({ length: rows }, (_, r) => {
        let sum = bias;
        for (let i = 0; i < VECTOR_LENGTH; i++) {
          const v = vectors[r * VECTOR_LENGTH + i]!;
          sum += Number.isNaN(v) ? 0.1 * (i + 1) : Math.log1p(Math.abs(v)) * (i + 1);
        }
        return sum % 1;
      });
      return Promise.resolve({ scores, contributions: vectors.map((v) => (Number.isNaN(v) ? 0.2 : v % 3)) });
    },
    release: () => Promise.resolve(),
  };
  return { model: new ServedModel(version, model, new Date()), scored: () => scored };
}

const policyOf = (step_up: number): Strategy['policy'] => ({
  thresholds: { step_up, review: 0.7, decline: 0.9 },
  degraded_thresholds: { step_up: step_up / 2, review: 0.5, decline: 0.8 },
  fail_action: 'review',
});

interface Event {
  readonly id: number;
  readonly card: number;
  readonly merchant: number;
  readonly minutes: number;
  readonly euro: boolean;
  /** What becomes known after it: a fraud among those before. */
  readonly fraud: number | null;
}

const events = fc.array(
  fc.record<Event>({
    id: fc.integer({ min: 0, max: 40 }),
    card: fc.integer({ min: 0, max: 3 }),
    merchant: fc.integer({ min: 0, max: 2 }),
    minutes: fc.integer({ min: 0, max: 20_000 }),
    euro: fc.boolean(),
    fraud: fc.option(fc.nat({ max: 40 })),
  }),
  { minLength: 1, maxLength: 40 },
);

function parsed({ id, card, merchant, minutes, euro }: Event): ParsedTransaction {
  const found = parseTransaction({
    transaction_id: `tx-${id}`,
    occurred_at: new Date(START + minutes * 60_000).toISOString(),
    amount: 100 * (1 + id),
    currency: euro ? 'EUR' : 'XXX',
    card_id: `card-${card}`,
    merchant_id: `merchant-${merchant}`,
  });
  if (!found.ok) throw new Error('not valid');
  return found;
}

/** What does not depend on the clock. */
const decided = ({ decided_at: _, timings_us: __, ...rest }: Decision): object => rest;
const comparable = (row: ReplayedRow): unknown => (typeof row === 'string' ? row : row.map(decided));

describe('DecisionReplay', () => {
  const first: Strategy = {
    model: aModel('a', 0).model,
    policy: policyOf(0.3),
    policyVersion: 'pa',
    rules: NO_RULES,
  };
  const second: Strategy = {
    model: aModel('b', 0.37).model,
    policy: policyOf(0.2),
    policyVersion: 'pb',
    rules: NO_RULES,
  };

  it('decides by each strategy what it would decide alone, in any batches', async () => {
    await fc.assert(
      fc.asyncProperty(events, fc.integer({ min: 1, max: 7 }), async (list, size) => {
        const rows = list.map(parsed);
        const both = replayOf(first, second);
        const together: unknown[] = [];
        for (let i = 0; i < rows.length; i += size)
          together.push(...(await both.decide(rows.slice(i, i + size))).map(comparable));
        const alone: unknown[][] = [];
        for (const strategy of [first, second]) {
          const replay = replayOf(strategy);
          const found: unknown[] = [];
          for (const row of rows) found.push(...(await replay.decide([row])).map(comparable));
          alone.push(found);
        }
        expect(together).toEqual(
          alone[0]!.map((row, i) =>
            typeof row === 'string' ? row : [...(row as unknown[]), ...(alone[1]![i] as unknown[])],
          ),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('leaves the same traces whether rows pass or are decided, and with what became known of them', async () => {
    await fc.assert(
      fc.asyncProperty(events, async (list) => {
        const rows = list.map(parsed);
        const passing = replayOf(first);
        const deciding = replayOf(first);
        for (const [i, row] of rows.slice(0, -1).entries()) {
          await passing.pass([row]);
          await deciding.decide([row]);
          const fraud = list[i]!.fraud;
          if (fraud === null || fraud > i) continue;
          await passing.know(rows[fraud]!, true);
          await deciding.know(rows[fraud]!, true);
        }
        const last = rows.slice(-1);
        expect((await passing.decide(last)).map(comparable)).toEqual(
          (await deciding.decide(last)).map(comparable),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('says of a row that it came before, or that its id did with other content', async () => {
    const row = parsed({ id: 1, card: 1, merchant: 1, minutes: 1, euro: true, fraud: null });
    const other = parsed({ id: 1, card: 2, merchant: 1, minutes: 1, euro: true, fraud: null });
    const replay = replayOf(first, second);
    const [one, again, conflict] = await replay.decide([row, row, other]);
    expect(one).toHaveLength(2);
    expect([again, conflict, ...(await replay.decide([row, other]))]).toEqual([
      'repeat',
      'conflict',
      'repeat',
      'conflict',
    ]);
  });

  it('says so of rows that came in the warm-up, and tells nothing of versions of others', async () => {
    const row = parsed({ id: 1, card: 1, merchant: 1, minutes: 1, euro: true, fraud: null });
    const next = parsed({ id: 2, card: 1, merchant: 1, minutes: 2, euro: true, fraud: null });
    const replay = replayOf(first, second);
    await replay.pass([row]);
    const [again, decisions] = await replay.decide([row, next]);
    expect(again).toBe('repeat');
    expect(
      (decisions as readonly Decision[]).map(({ versions }) => [versions.model, versions.policy]),
    ).toEqual([
      ['a', 'pa'],
      ['b', 'pb'],
    ]);
  });

  it('scores each row once where only policies differ', async () => {
    const { model, scored } = aModel('c', 0);
    const replay = replayOf(
      { model, policy: policyOf(0.3), policyVersion: 'p', rules: NO_RULES },
      { model, policy: policyOf(0.1), policyVersion: 'q', rules: NO_RULES },
    );
    const rows = Array.from({ length: 9 }, (_, id) =>
      parsed({ id, card: 1, merchant: 1, minutes: id, euro: true, fraud: null }),
    );
    await replay.decide(rows);
    expect(scored()).toBe(9);
  });
});
