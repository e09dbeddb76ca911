import { OUTCOMES, type Outcome, type ParsedTransaction } from '@fraud/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KNOWN, type Known, type PastTransaction } from './past-traffic.js';
import { summarize, type BacktestSummary, type Seen } from './summary.js';
import { BacktestTally } from './tally.js';

interface Row {
  readonly was: Outcome;
  readonly wouldBe: Outcome;
  readonly known: Known;
  readonly hours: number;
  readonly money: number;
  readonly customer: number | null;
  readonly card: number;
  readonly scenario: string | null;
  readonly scores: readonly [number | null, number | null];
}

const score = fc.option(fc.integer({ min: 0, max: 6 }).map((n) => n / 6));
const rowsOf = fc.array(
  fc.record<Row>({
    was: fc.constantFrom(...OUTCOMES),
    wouldBe: fc.constantFrom(...OUTCOMES),
    known: fc.constantFrom(...KNOWN),
    hours: fc.integer({ min: 0, max: 150 }),
    money: fc.oneof(fc.constant(NaN), fc.integer({ min: 0, max: 1_000_000 })),
    customer: fc.option(fc.integer({ min: 0, max: 4 })),
    card: fc.integer({ min: 0, max: 6 }),
    scenario: fc.constantFrom('theft', 'testing', null),
    scores: fc.tuple(score, score),
  }),
  { minLength: 1, maxLength: 40 },
);

const SEEN: Seen = {
  madeAt: new Date('2026-04-01T00:00:00Z'),
  source: 'a.ndjson',
  fromMs: Date.parse('2026-02-01T00:00:00Z'),
  toMs: Date.parse('2026-02-07T06:00:00Z'),
  warmFromMs: null,
  warmed: 3,
  repeats: 1,
  late: 2,
  refused: new Map([
    ['z', 1],
    ['a', 2],
  ]),
  was: null,
  wouldBe: { model: 'm', model_sha256: 's', policy: 'p' },
};

function past({ known, hours, customer, card, scenario }: Row): PastTransaction {
  const transaction = {
    card_id: `card-${card}`,
    ...(customer !== null && { customer_id: `customer-${customer}` }),
  };
  return {
    parsed: { transaction } as unknown as ParsedTransaction,
    atMs: SEEN.fromMs + hours * 3_600_000,
    decided: null,
    known,
    scenario,
    labels: [],
  };
}

function summaryOf(rows: readonly Row[]): BacktestSummary {
  const tally = new BacktestTally();
  for (const row of rows) {
    const [was, wouldBe] = row.scores;
    tally.add(
      past(row),
      { outcome: row.was, score: was, source: 'model' },
      { outcome: row.wouldBe, score: wouldBe, source: 'model' },
      row.money,
    );
  }
  return summarize(tally, SEEN);
}

/** Count and money of the rows that are meant. */
const of = (rows: readonly Row[], meant: (row: Row) => boolean): { count: number; money: number } => {
  const found = rows.filter(meant);
  return {
    count: found.length,
    money: found.reduce((sum, { money }) => sum + (Number.isNaN(money) ? 0 : money), 0),
  };
};
const stopped = (outcome: Outcome): boolean => outcome === 'review' || outcome === 'decline';
const EFFECT: Record<string, (row: Row) => boolean> = {
  newly_stopped: ({ was, wouldBe }) => !stopped(was) && stopped(wouldBe),
  newly_challenged: ({ was, wouldBe }) => was === 'approve' && wouldBe === 'step_up',
  no_longer_stopped: ({ was, wouldBe }) => stopped(was) && !stopped(wouldBe),
  no_longer_challenged: ({ was, wouldBe }) => was === 'step_up' && wouldBe === 'approve',
};
const effectsOf = (rows: readonly Row[], known: Known): object =>
  Object.fromEntries(
    Object.entries(EFFECT).map(([name, has]) => [name, of(rows, (row) => row.known === known && has(row))]),
  );
/** Over falling thresholds: the gain in recall, times the precision. */
function averagePrecision(frauds: readonly number[], others: readonly number[]): number {
  const thresholds = [...new Set([...frauds, ...others])].toSorted((a, b) => b - a);
  let before = 0;
  let sum = 0;
  for (const threshold of thresholds) {
    const caught = frauds.filter((value) => value >= threshold).length;
    const flagged = caught + others.filter((value) => value >= threshold).length;
    sum += ((caught - before) / frauds.length) * (caught / flagged);
    before = caught;
  }
  return frauds.length === 0 ? NaN : sum;
}
const same = (found: number | null, value: number): boolean =>
  Number.isNaN(value) ? found === null : Math.abs(found! - value) < 1e-12;
const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

describe('summarize', () => {
  it('adds up to what was decided, by hand, in every figure', () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const found = summaryOf(rows);
        for (const known of [...KNOWN, 'all'] as const) {
          for (const was of OUTCOMES) {
            for (const wouldBe of OUTCOMES) {
              expect(found.matrix[known][was][wouldBe]).toEqual(
                of(
                  rows,
                  (r) => (known === 'all' || r.known === known) && r.was === was && r.wouldBe === wouldBe,
                ),
              );
            }
          }
        }
        for (const known of KNOWN) {
          expect(found.effects[known]).toEqual(effectsOf(rows, known));
          expect(found.known[known]).toEqual(of(rows, (r) => r.known === known));
        }
        expect(found.judged).toBe(rows.length);
        expect(found.changed).toBe(rows.filter(({ was, wouldBe }) => was !== wouldBe).length);
        expect(found.without_amount).toBe(rows.filter(({ money }) => Number.isNaN(money)).length);
        const frauds = (name: string): number =>
          of(rows, (r) => r.known === 'fraud' && EFFECT[name]!(r)).money;
        expect(found.fraud_money).toEqual({
          saved: frauds('newly_stopped'),
          let_through: frauds('no_longer_stopped'),
          net: frauds('newly_stopped') - frauds('no_longer_stopped'),
        });
      }),
    );
  });

  it('counts good customers once, cards where there is no customer', () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const { legitimate } = summaryOf(rows);
        const severity = (outcome: Outcome): number => Math.min(2, OUTCOMES.indexOf(outcome));
        const whose = (r: Row): string => (r.customer === null ? `card ${r.card}` : `customer ${r.customer}`);
        const hit = (r: Row): boolean => r.known === 'legitimate' && severity(r.wouldBe) > severity(r.was);
        const relieved = (r: Row): boolean =>
          r.known === 'legitimate' && severity(r.wouldBe) < severity(r.was);
        expect(legitimate).toEqual({
          hit: of(rows, hit),
          hit_customers: new Set(rows.filter(hit).map(whose)).size,
          relieved: of(rows, relieved),
          relieved_customers: new Set(rows.filter(relieved).map(whose)).size,
        });
      }),
    );
  });

  it('measures each way to read an outcome as a flag, then and now', () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const { flags } = summaryOf(rows);
        expect(flags.map(({ outcomes }) => outcomes)).toEqual([
          ['step_up', 'review', 'decline'],
          ['review', 'decline'],
          ['decline'],
        ]);
        for (const { outcomes, was, would_be } of flags) {
          for (const [quality, key] of [
            [was, 'was'],
            [would_be, 'wouldBe'],
          ] as const) {
            const flagged = (r: Row): boolean => outcomes.includes(r[key]);
            const fraud = (r: Row): boolean => r.known === 'fraud';
            const caught = of(rows, (r) => fraud(r) && flagged(r));
            const wrong = of(rows, (r) => r.known === 'legitimate' && flagged(r));
            expect(quality).toEqual({
              precision: ratio(caught.count, caught.count + wrong.count),
              recall: ratio(caught.count, of(rows, fraud).count),
              money_recall: ratio(caught.money, of(rows, fraud).money),
              false_positive_rate: ratio(wrong.count, of(rows, (r) => r.known === 'legitimate').count),
            });
          }
        }
      }),
    );
  });

  it('ranks the labelled rows that both have scored', () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const { ranking } = summaryOf(rows);
        const scored = rows.filter(({ known, scores }) => known !== 'unknown' && !scores.includes(null));
        expect(ranking.rows).toBe(scored.length);
        for (const [i, found] of [ranking.was, ranking.would_be].entries()) {
          const frauds = scored.filter(({ known }) => known === 'fraud').map(({ scores }) => scores[i]!);
          const others = scored.filter(({ known }) => known === 'legitimate').map(({ scores }) => scores[i]!);
          const wins = frauds.flatMap((f) => others.map((o): number => (f > o ? 1 : f === o ? 0.5 : 0)));
          expect(same(found.roc_auc, wins.reduce((a, b) => a + b, 0) / wins.length)).toBe(true);
          expect(same(found.average_precision, averagePrecision(frauds, others))).toBe(true);
        }
      }),
    );
  });

  it('tells scenarios and days apart, in their order', () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const found = summaryOf(rows);
        const frauds = rows.filter(({ known }) => known === 'fraud');
        const names = [...new Set(frauds.map(({ scenario }) => scenario ?? 'fraud'))].toSorted();
        expect(found.scenarios).toEqual(
          names.map((name) => {
            const mine = frauds.filter(({ scenario }) => (scenario ?? 'fraud') === name);
            return {
              scenario: name,
              all: of(mine, () => true),
              was_stopped: of(mine, ({ was }) => stopped(was)),
              would_be_stopped: of(mine, ({ wouldBe }) => stopped(wouldBe)),
            };
          }),
        );
        const dayOf = ({ hours }: Row): number => Math.floor(hours / 24);
        const numbers = [...new Set(rows.map(dayOf))].toSorted((a, b) => a - b);
        expect(found.days).toEqual(
          numbers.map((number) => {
            const mine = rows.filter((row) => dayOf(row) === number);
            return {
              day: `2026-02-${String(1 + number).padStart(2, '0')}`,
              judged: mine.length,
              changed: mine.filter(({ was, wouldBe }) => was !== wouldBe).length,
              effects: Object.fromEntries(KNOWN.map((known) => [known, effectsOf(mine, known)])),
            };
          }),
        );
      }),
    );
  });

  it('passes on what was seen besides', () => {
    const row = { was: 'approve', wouldBe: 'approve', known: 'unknown', hours: 0, money: 1 } as const;
    expect(
      summaryOf([{ ...row, customer: null, card: 1, scenario: null, scores: [null, null] }]),
    ).toMatchObject({
      made_at: '2026-04-01T00:00:00.000Z',
      source: 'a.ndjson',
      from: '2026-02-01T00:00:00.000Z',
      to: '2026-02-07T06:00:00.000Z',
      warm_from: null,
      warmed: 3,
      repeats: 1,
      late: 2,
      refused: { a: 2, z: 1 },
    });
  });
});
