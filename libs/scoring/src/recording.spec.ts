import { parseTransaction, type Decision, type ParsedTransaction } from '@fraud/contract';
import { MemoryFeatureStore, Pseudonyms, VECTOR_LENGTH } from '@fraud/features';
import type { DecisionEntry, RecordedAnswer } from '@fraud/records';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { CommitQueue } from './commit-queue.js';
import { DecisionLog, readVector, type RecordSink } from './decision-log.js';
import { score } from './pipeline.js';
import { replayContext } from './strategy.js';
import { Turns } from './turns.js';
import type { ScoringContext } from './context.js';

/** Records in memory: what is appended can be asked for, once it is `written`. */
class Sink implements RecordSink {
  readonly instance = 'test';
  full = false;
  takes = true;
  /** Answers come behind this. */
  slow: Promise<void> = Promise.resolve();
  readonly lines: DecisionEntry[] = [];
  readonly written = new Map<string, RecordedAnswer>();

  append(lines: string): boolean {
    if (this.full || !this.takes) return false;
    for (const line of lines.trimEnd().split('\n')) this.lines.push(JSON.parse(line) as DecisionEntry);
    return true;
  }

  readonly store = {
    answers: async (ids: readonly string[]) => {
      await this.slow;
      return ids.map((id) => this.written.get(id) ?? null);
    },
  };
}

const HOUR_MS = 3_600_000;
let store: MemoryFeatureStore;
let sink: Sink;
let failures: string[];
beforeEach(() => {
  store = new MemoryFeatureStore({ decisionTtlMs: HOUR_MS });
  sink = new Sink();
  failures = [];
});

/** A process of its own on the shared histories. */
function process(whenFull: 'answer' | 'refuse' = 'answer'): ScoringContext {
  const base = replayContext(
    { fx: { version: 'fx', convert: (amount) => amount }, pseudonyms: new Pseudonyms('key') },
    store,
  );
  return {
    ...base,
    commits: new CommitQueue(store, () => undefined),
    log: new DecisionLog(sink, 'http'),
    whenFull,
    observer: { ...base.observer, failed: (code) => failures.push(code) },
    budgetMs: 100,
  };
}

function aTransaction(id: string, amount = 1000): ParsedTransaction {
  const parsed = parseTransaction({
    transaction_id: id,
    occurred_at: '2026-01-05T13:37:00+01:00',
    amount,
    currency: 'EUR',
    card_id: 'card',
    merchant_id: 'merchant',
  });
  if (!parsed.ok) throw new Error('the example is valid');
  return parsed;
}
const arrive = (...ids: string[]) =>
  ids.map((id) => ({ parsed: aTransaction(id), arrivedAt: performance.now() }));

describe('a decision', () => {
  it('is recorded whole, with the text that is answered, its vector, and its place among those of its process', async () => {
    const seen: Float32Array[] = [];
    const context = process();
    const results = await score(arrive('a', 'b'), context, ({ values }) => seen.push(values));
    await score(arrive('c'), context);
    expect(sink.lines.map(({ transaction, sequence }) => [transaction.transaction_id, sequence])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ]);
    results.forEach((result, n) => {
      const line = sink.lines[n]!;
      expect(result).toMatchObject({ kind: 'decided', json: JSON.stringify(line.decision) });
      expect(readVector(line.vector)).toEqual(seen[0]!.slice(n * VECTOR_LENGTH, (n + 1) * VECTOR_LENGTH));
      expect(line).toMatchObject({
        kind: 'decision',
        instance: 'test',
        door: 'http',
        amount_reference: 1000,
        repeated: false,
        contributions: null,
      });
    });
  });

  it('that is answered again is recorded once', async () => {
    const context = process();
    await score(arrive('a', 'a'), context);
    await context.commits.flush();
    expect(await score(arrive('a'), context)).toMatchObject([{ replayed: true }]);
    expect(sink.lines).toHaveLength(1);
  });

  it.each(['full', 'fails'] as const)(
    'that cannot be recorded, since the spool %s, is degraded and says so',
    async (how) => {
      if (how === 'full') sink.full = true;
      else sink.takes = false;
      const [result] = await score(arrive('a'), process());
      expect(result).toMatchObject({
        kind: 'decided',
        decision: { degraded: expect.arrayContaining(['records_unavailable']) as string[] },
      });
      expect(failures).toContain('decision_unrecorded');
    },
  );

  it.each(['full', 'fails'] as const)(
    'that cannot be recorded, since the spool %s, is none where the policy says so',
    async (how) => {
      if (how === 'full') sink.full = true;
      else sink.takes = false;
      const context = process('refuse');
      const [result] = await score(arrive('a'), context);
      expect(result).toMatchObject({
        kind: 'refused',
        problem: { code: 'records_unavailable', status: 503 },
      });
      expect(context.commits.size).toBe(0);
      expect(failures).toEqual(['records_unavailable']);
      sink.full = false;
      sink.takes = true;
      const [again] = await score(arrive('a'), context);
      expect(again).toMatchObject({ kind: 'decided', replayed: false });
    },
  );
});

describe('a transaction that another process has in hand', () => {
  const decided = (result: unknown): Decision => (result as { decision: Decision }).decision;

  it('waits for that decision, and gets its bytes', async () => {
    const first = process();
    const second = new Turns(process());
    const [answer] = await score(arrive('a'), first);
    const waiting = second.submit(aTransaction('a'));
    setTimeout(() => void first.commits.flush(), 10);
    const result = await waiting;
    expect(result).toMatchObject({ kind: 'decided', replayed: true });
    expect(decided(result)).toEqual(decided(answer));
    expect(sink.lines).toHaveLength(1);
    await second.drain();
  });

  it('gets the recorded answer where the stored one has expired, and is a conflict with other content', async () => {
    await score(arrive('a'), process());
    const { decision, content_hash } = sink.lines[0]!;
    sink.written.set(decision.decision_id, { contentHash: content_hash, answer: JSON.stringify(decision) });
    const later = new Turns(process());
    expect(await later.submit(aTransaction('a'))).toMatchObject({
      replayed: true,
      json: JSON.stringify(decision),
    });
    expect(await later.submit(aTransaction('a', 2000))).toMatchObject({
      kind: 'refused',
      problem: { code: 'transaction_conflict' },
    });
    expect(failures).toEqual(['transaction_conflict']);
    await later.drain();
  });

  it('is decided within its budget where that process has died, once, and that is counted', async () => {
    await score(arrive('a'), process());
    const context = process();
    const later = new Turns(context);
    const before = performance.now();
    const result = await later.submit(aTransaction('a'));
    expect(result).toMatchObject({ kind: 'decided', replayed: false });
    expect(performance.now() - before).toBeGreaterThanOrEqual(context.budgetMs * 0.4);
    expect(failures).toEqual(['repeat_unresolved']);
    expect(sink.lines.map(({ repeated }) => repeated)).toEqual([false, true]);
    await later.drain();
  });

  it('waits for records that are slow, as long as its budget lasts', async () => {
    await score(arrive('a'), process());
    const { decision, content_hash } = sink.lines[0]!;
    sink.written.set(decision.decision_id, { contentHash: content_hash, answer: JSON.stringify(decision) });
    sink.slow = sleep(150);
    const later = new Turns({ ...process(), budgetMs: 60_000 });
    expect(await later.submit(aTransaction('a'))).toMatchObject({
      replayed: true,
      json: JSON.stringify(decision),
    });
    expect(failures).toEqual([]);
    await later.drain();
  });

  it('gets the decision that was made after all, where the recorded one is found too late', async () => {
    await score(arrive('a'), process());
    const { decision, content_hash } = sink.lines[0]!;
    sink.written.set(decision.decision_id, {
      contentHash: content_hash,
      answer: '{"decision":"another one"}',
    });
    const found = Promise.withResolvers<void>();
    sink.slow = found.promise;
    // No budget to wait: the second look decides. The records answer in the middle of that.
    let looks = 0;
    const exchange = store.exchange.bind(store);
    store.exchange = async (...args) => {
      looks += 1;
      if (looks === 2) {
        found.resolve();
        await sleep(10);
      }
      return await exchange(...args);
    };
    const later = new Turns({ ...process(), budgetMs: 0 });
    const result = await later.submit(aTransaction('a'));
    expect(result).toMatchObject({ replayed: false, json: JSON.stringify(sink.lines[1]!.decision) });
    await later.drain();
  });

  it('does not hold up the others of its turn', async () => {
    await score(arrive('a'), process());
    const later = new Turns(process());
    const order: string[] = [];
    await Promise.all(
      ['a', 'b'].map(async (id) => {
        await later.submit(aTransaction(id));
        order.push(id);
      }),
    );
    expect(order).toEqual(['b', 'a']);
    await later.drain();
  });
});
