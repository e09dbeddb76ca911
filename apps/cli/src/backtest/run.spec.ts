import { parseTransaction, type Outcome, type ParsedTransaction } from '@fraud/contract';
import type { DecisionReplay, ReplayedRow } from '@fraud/scoring';
import { describe, expect, it } from 'vitest';
import { UserError } from '../user-error.js';
import type { Known, PastTraffic, PastTransaction } from './past-traffic.js';
import { runBacktest, type RunOptions } from './run.js';

const DAY = 86_400_000;
const START = Date.parse('2026-03-02T00:00:00Z');
const OPEN = { warmFromMs: -Infinity, fromMs: -Infinity, toMs: Infinity };
const options = (more: Partial<RunOptions> = {}): RunOptions => ({
  period: OPEN,
  toReference: (amount) => amount,
  needsLabels: true,
  ...more,
});

/** A row on a day, with what is known of it. */
function row(day: number, amount: number, known: Known, decided: Outcome | null = null): PastTransaction {
  const atMs = START + day * DAY;
  const parsed = parseTransaction({
    transaction_id: `tx-${day}-${amount}`,
    occurred_at: new Date(atMs).toISOString(),
    amount,
    currency: 'EUR',
    card_id: `card-${amount}`,
    merchant_id: 'm',
  }) as ParsedTransaction;
  const labels = known === 'fraud' ? [{ fraud: true, knownAtMs: atMs + DAY }] : [];
  return {
    parsed,
    atMs,
    decided: decided === null ? null : { outcome: decided, score: 0.5, source: 'model' },
    known,
    scenario: null,
    labels,
  };
}

const traffic = (...rows: readonly PastTransaction[]): PastTraffic => ({
  groups: (async function* () {
    yield rows;
  })(),
  refused: new Map(),
  origin: 'a test',
  share: () => null,
});

/** Decides by the amount: the first strategy declines from 1000 on, the second from 500 on. Writes down what it is told. */
function replay(strategies: 1 | 2, log: string[] = []): DecisionReplay {
  const outcome = (amount: number, from: number): Outcome => (amount >= from ? 'decline' : 'approve');
  const decide = ({ transaction: { amount } }: ParsedTransaction): ReplayedRow => {
    if (amount === 13) return 'repeat';
    const both = [outcome(amount, 1000), outcome(amount, 500)];
    return both.slice(2 - strategies).map((decision) => ({ decision, score: 0.1 }) as never);
  };
  const amounts = (rows: readonly ParsedTransaction[]): string =>
    rows.map(({ transaction }) => transaction.amount).join(' ');
  return {
    batch: 128,
    pass: (rows: readonly ParsedTransaction[]) => Promise.resolve(void log.push(`pass ${amounts(rows)}`)),
    decide: (rows: readonly ParsedTransaction[]) => {
      log.push(`decide ${amounts(rows)}`);
      return Promise.resolve(rows.map(decide));
    },
    know: (parsed: ParsedTransaction, fraud: boolean) =>
      Promise.resolve(void log.push(`know ${amounts([parsed])} ${fraud}`)),
  } as unknown as DecisionReplay;
}

describe('runBacktest', () => {
  it('fills histories before the period, tells labels when they are known, and judges the period', async () => {
    const log: string[] = [];
    const rows = [
      row(0, 700, 'fraud'),
      row(0.5, 100, 'legitimate'),
      row(1, 600, 'fraud'),
      row(1.5, 1200, 'legitimate'),
      row(3, 550, 'legitimate'),
      row(9, 1, 'fraud'),
    ];
    const period = { warmFromMs: START, fromMs: START + DAY, toMs: START + 5 * DAY };
    const run = await runBacktest(traffic(...rows), replay(2, log), options({ period }));
    expect(log).toEqual(['pass 700 100', 'know 700 true', 'decide 600 1200', 'know 600 true', 'decide 550']);
    expect(run).toMatchObject({
      warmed: 2,
      warmFromMs: START,
      fromMs: START + DAY,
      toMs: START + 3 * DAY,
      repeats: 0,
      late: 0,
    });
    // By hand: 600 would be declined, which is a fraud; 550 would be, which is not; 1200 is as before.
    const { matrix } = run.tally;
    expect(matrix.fraud.approve.decline).toEqual({ count: 1, money: 600 });
    expect(matrix.legitimate.approve.decline).toEqual({ count: 1, money: 550 });
    expect(matrix.legitimate.decline.decline).toEqual({ count: 1, money: 1200 });
    expect(run.tally.judged).toBe(3);
  });

  it('compares with what was decided, where rows say so', async () => {
    const rows = [row(0, 800, 'fraud', 'step_up'), row(1, 200, 'legitimate', 'decline')];
    const { tally } = await runBacktest(traffic(...rows), replay(1), options());
    expect(tally.matrix.fraud.step_up.decline.count).toBe(1);
    expect(tally.matrix.legitimate.decline.approve.count).toBe(1);
  });

  it('counts rows that came before, and those out of order, without judging the former', async () => {
    const rows = [row(1, 100, 'legitimate'), row(0, 200, 'fraud'), row(2, 13, 'fraud')];
    const run = await runBacktest(traffic(...rows), replay(2), options());
    expect([run.repeats, run.late, run.tally.judged, run.warmFromMs]).toEqual([1, 1, 2, null]);
  });

  it('says where the traffic is when nothing lies in the period', async () => {
    const period = { ...OPEN, fromMs: START + 100 * DAY };
    await expect(runBacktest(traffic(row(0, 1, 'fraud')), replay(2), options({ period }))).rejects.toThrow(
      new UserError(
        'No transaction lies between 2026-06-10T00:00:00.000Z and the end: there are some from 2026-03-02T00:00:00.000Z to ' +
          '2026-03-02T00:00:00.000Z. Set --from and --to accordingly.',
      ),
    );
    await expect(runBacktest(traffic(), replay(2), options())).rejects.toThrow('no transaction to judge');
  });

  it('says what to do where nothing has a label, unless none is needed', async () => {
    const rows = [row(0, 100, 'unknown'), row(1, 800, 'unknown')];
    await expect(runBacktest(traffic(...rows), replay(2), options())).rejects.toThrow('--without-labels');
    const { tally } = await runBacktest(traffic(...rows), replay(2), options({ needsLabels: false }));
    expect(tally.matrix.unknown.approve.decline.count).toBe(1);
  });
});
