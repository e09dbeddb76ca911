import { setImmediate as realImmediate } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseTransaction, type Decision, type ErrorCode, type ParsedTransaction } from '@fraud/contract';
import {
  FeatureStoreUnavailable,
  MemoryFeatureStore,
  Pseudonyms,
  VECTOR_LENGTH,
  type Exchanged,
  type FeatureStore,
} from '@fraud/features';
import { RolloutTally, ServedModel, type Model, type Scores } from '@fraud/model';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Breaker } from './breaker.js';
import { CommitQueue } from './commit-queue.js';
import type { ScoringContext } from './context.js';
import { DecisionLog, type RecordSink } from './decision-log.js';
import { HistoriesBehind } from './histories-behind.js';
import { Pace } from './pace.js';
import type { Result } from './pipeline.js';
import { replayContext } from './strategy.js';
import { Turns } from './turns.js';

const BUDGET_MS = 15;
const STORE_TIMEOUT_MS = 8;
/** The clock moves by whole milliseconds, and what is cut off is answered behind its timer. */
const TOLERANCE_MS = 1;

const STORES = ['well', 'slow', 'late', 'refuses', 'hangs', 'talks nonsense'] as const;
const MODELS = ['well', 'slow', 'throws', 'gives NaN', 'is absent', 'hangs'] as const;
const RECORDS = ['kept', 'full, answer', 'full, refuse', 'failing'] as const;
const BUDGETS = ['usual', 'lowered', 'spent in the queue'] as const;
const SIZES = [1, 7, 64] as const;

interface Faults {
  store: (typeof STORES)[number];
  readonly model: (typeof MODELS)[number];
  readonly records: (typeof RECORDS)[number];
}

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['performance', 'Date', 'setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate'],
  });
});
afterEach(() => vi.useRealTimers());

const later = <T>(ms: number, value: () => T): Promise<T> =>
  new Promise((resolve, reject) => {
    setTimeout(() => {
      try {
        resolve(value());
      } catch (cause) {
        reject(cause);
      }
    }, ms);
  });
const never = (): Promise<never> => new Promise(() => undefined);

/** A store with a fault, and what it served in time. */
function storeOf(faults: Faults, served: Set<string>): FeatureStore {
  const memory = new MemoryFeatureStore({
    decisionTtlMs: 3_600_000,
    maxCards: 500,
    maxMerchants: 500,
    maxDecisions: 1000,
  });
  const away = (): never => {
    throw new FeatureStoreUnavailable('away');
  };
  const exchange: FeatureStore['exchange'] = async (reads, commits, timeoutMs) => {
    const carriedOut = async (ms: number): Promise<Exchanged> => {
      const found = await later(Math.min(ms, timeoutMs), () =>
        ms <= timeoutMs ? memory.exchange(reads, commits) : away(),
      );
      for (const { transactionId } of reads) served.add(transactionId);
      return found;
    };
    switch (faults.store) {
      case 'well':
        return await carriedOut(0);
      case 'slow':
        return await carriedOut(5);
      case 'late':
        return await carriedOut(100);
      case 'refuses':
        return away();
      case 'hangs':
        return await later(timeoutMs, away);
      case 'talks nonsense': {
        const { states, stored } = await carriedOut(1);
        // Whatever it says of stored decisions cannot be read.
        return { states: states.map((state) => ({ ...state, stored: Buffer.from('nonsense') })), stored };
      }
    }
  };
  return Object.assign(Object.create(memory) as FeatureStore, { exchange });
}

function modelOf({ model }: Faults): ServedModel | null {
  if (model === 'is absent') return null;
  const scores = (rows: number, score: number): Scores => ({
    scores: new Float32Array(rows).fill(score),
    contributions: new Float32Array(rows * VECTOR_LENGTH),
  });
  const run: Model['run'] = (_, rows) => {
    switch (model) {
      case 'well':
        return Promise.resolve(scores(rows, 0.01));
      case 'slow':
        return later(40, () => scores(rows, 0.01));
      case 'throws':
        return Promise.reject(new Error('no'));
      case 'gives NaN':
        return Promise.resolve(scores(rows, NaN));
      case 'hangs':
        return never();
    }
  };
  const manifest = { version: 'm', model: { sha256: 'm'.repeat(64) } } as unknown as Model['manifest'];
  return new ServedModel(
    'm',
    { manifest, directory: '', source: 'directory', run, release: () => Promise.resolve() },
    new Date(),
  );
}

interface World {
  readonly turns: Turns;
  readonly context: ScoringContext;
  readonly served: Set<string>;
  readonly recorded: Map<string, Decision>;
  readonly failures: ErrorCode[];
}

function worldOf(faults: Faults): World {
  const served = new Set<string>();
  const recorded = new Map<string, Decision>();
  const failures: ErrorCode[] = [];
  const store = storeOf(faults, served);
  const sink: RecordSink = {
    instance: 'test',
    full: faults.records.startsWith('full'),
    append: (lines) => {
      if (faults.records === 'failing') return false;
      for (const line of lines.trimEnd().split('\n')) {
        const { decision } = JSON.parse(line) as { decision?: Decision };
        if (decision !== undefined) recorded.set(decision.transaction_id, decision);
      }
      return true;
    },
    store: { answers: (ids) => Promise.resolve(ids.map(() => null)) },
  };
  const tables = {
    fx: { version: 'fx', convert: (amount: number) => amount },
    pseudonyms: new Pseudonyms('key'),
  };
  const base = replayContext(tables, store);
  const without: ScoringContext = {
    ...base,
    commits: new CommitQueue(store, () => undefined),
    breakers: {
      store: new Breaker('feature_store', { failures: 5, forMs: 30, retryAfterMs: 100 }),
      records: null,
    },
    models: {
      serving: { active: modelOf(faults), candidate: null, shadow: null },
      tally: new RolloutTally(),
    },
    log: new DecisionLog(sink, 'http'),
    whenFull: faults.records === 'full, refuse' ? 'refuse' : 'answer',
    policy: {
      thresholds: { step_up: 0.3, review: 0.7, decline: 0.9 },
      degraded_thresholds: { step_up: 0.15, review: 0.5, decline: 0.85 },
      fail_action: 'review',
    },
    observer: { ...base.observer, failed: (code) => failures.push(code) },
    pace: new Pace(),
    storeTimeoutMs: STORE_TIMEOUT_MS,
    waitsForStore: false,
    budgetMs: BUDGET_MS,
  };
  const context = { ...without, behind: new HistoriesBehind(without, () => undefined) };
  return { turns: new Turns(context), context, served, recorded, failures };
}

let serial = 0;
function aTransaction(): ParsedTransaction {
  const id = ++serial;
  const parsed = parseTransaction({
    transaction_id: `tx-${id}`,
    occurred_at: '2026-01-05T13:37:00Z',
    amount: 1000,
    currency: 'EUR',
    card_id: `card-${id % 100}`,
    merchant_id: `merchant-${id % 10}`,
  });
  if (!parsed.ok) throw new Error('the example is valid');
  return parsed;
}

/** What is done without a timer gets done before the clock moves on. */
const settle = (): Promise<void> => new Promise((done) => realImmediate(done));

/** Moves the clock until everything is answered. */
async function answered<T>(work: Promise<T>, mostMs: number): Promise<T | null> {
  const found: T[] = [];
  void work.then((result) => found.push(result));
  for (let ms = 0; found.length === 0 && ms < mostMs; ms++) {
    await vi.advanceTimersByTimeAsync(0);
    await settle();
    if (found.length === 0) await vi.advanceTimersByTimeAsync(1);
  }
  return found[0] ?? null;
}

interface Answer {
  readonly id: string;
  readonly result: Result;
  readonly ms: number;
  readonly budgetMs: number;
}

async function ask({ turns }: World, rows: number, budgetMs: number): Promise<Answer[]> {
  return await Promise.all(
    Array.from({ length: rows }, async (): Promise<Answer> => {
      const parsed = aTransaction();
      const began = performance.now();
      const result = await turns.submit(parsed, undefined, budgetMs);
      return { id: parsed.transaction.transaction_id, result, ms: performance.now() - began, budgetMs };
    }),
  );
}

/** Every promise that is not kept. */
function broken({ id, result, ms, budgetMs }: Answer, { served, recorded }: World, faults: Faults): string[] {
  const found: string[] = [];
  const must = (holds: boolean, what: string): void => {
    if (!holds) found.push(`${what}: ${JSON.stringify({ id, ms, budgetMs, result })}`);
  };
  must(ms <= budgetMs + TOLERANCE_MS, 'answered within the budget');
  if (result.kind === 'refused') {
    must(faults.records === 'full, refuse', 'refused only where the policy says so');
    must(result.problem.code === 'records_unavailable', 'refused with its code');
    return found;
  }
  const { decision, score, source, degraded, reasons } = result.decision;
  const says = (what: (typeof degraded)[number]): boolean => degraded.includes(what);
  must((source === 'model') === (score !== undefined), 'the model decides where there is a score');
  must(score === undefined || Number.isFinite(score), 'a score is a number');
  must(score !== undefined || decision === 'review', 'without a score the fail action decides');
  must(score !== undefined || decision !== 'approve', 'no bare approve');
  must(says('features_unavailable') === !served.has(id), 'says that histories are missing where they are');
  must(
    score !== undefined || says('model_unavailable') || says('deadline_exceeded'),
    'says why there is no score',
  );
  must(!says('model_unavailable') || faults.model !== 'well', 'does not blame a model that is well');
  must(says('records_unavailable') === !recorded.has(id), 'says that it is not recorded where it is not');
  must(
    degraded.length === reasons.filter(({ code }) => says(code as (typeof degraded)[number])).length,
    'gives each as a reason',
  );
  return found;
}

const combinations = STORES.flatMap((store) =>
  MODELS.flatMap((model) => RECORDS.map((records) => ({ store, model, records }))),
);

describe('every answer comes within its budget, says what it had to do without, and is no bare approve', () => {
  it.each(BUDGETS.flatMap((budget) => SIZES.map((size) => [budget, size] as const)))(
    'whatever fails, with a budget that is %s, %i at a time',
    async (budget, size) => {
      const wrong: string[] = [];
      for (const faults of combinations) {
        const world = worldOf(faults);
        // Twice: what was learnt of a model that is slow must hold, too.
        for (let turn = 0; turn < 2; turn++) {
          const asked: Promise<Answer[]>[] = [];
          if (budget === 'spent in the queue') {
            asked.push(ask(world, 1, Infinity));
            await vi.advanceTimersByTimeAsync(0);
          }
          asked.push(ask(world, size, budget === 'lowered' ? 6 : Infinity));
          const answers = await answered(Promise.all(asked), 200);
          if (answers === null) {
            wrong.push(`no answer: ${JSON.stringify(faults)}`);
            break;
          }
          for (const answer of answers.flat()) {
            const budgetMs = Math.min(answer.budgetMs, BUDGET_MS);
            for (const promise of broken({ ...answer, budgetMs }, world, faults))
              wrong.push(`${JSON.stringify(faults)} ${promise}`);
          }
        }
        void world.context.behind!.close();
      }
      expect(wrong.slice(0, 5)).toEqual([]);
    },
    120_000,
  );

  it('degrades nothing where all is well', async () => {
    const world = worldOf({ store: 'well', model: 'well', records: 'kept' });
    const answers = await answered(ask(world, 64, Infinity), 100);
    expect(
      answers!.map(({ result }) => (result.kind === 'decided' ? result.decision.degraded : null)),
    ).toEqual(Array.from({ length: 64 }, () => []));
  });
});

describe('a caller in a hurry', () => {
  it('gets what there is time for, and does not take the store from the others', async () => {
    const world = worldOf({ store: 'slow', model: 'well', records: 'kept' });
    const hurried = ask(world, 3, 5);
    const patient = ask(world, 3, Infinity);
    const answers = await answered(Promise.all([hurried, patient]), 100);
    const degraded = answers!.map((some) =>
      some.map(({ result }) => (result.kind === 'decided' ? result.decision.degraded : null)),
    );
    expect(degraded[1]).toEqual([[], [], []]);
    expect(degraded[0]!.every((one) => one!.includes('features_unavailable'))).toBe(true);
    expect(Math.max(...answers![0].map(({ ms }) => ms))).toBeLessThanOrEqual(5 + TOLERANCE_MS);
  });
});

describe('a store that is dead', () => {
  it('costs nobody anything after the first failures, and is asked again, behind the answers, until it is back', async () => {
    const faults: Faults = { store: 'hangs', model: 'well', records: 'kept' };
    const world = worldOf(faults);
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      const answers = await answered(ask(world, 1, Infinity), 100);
      waits.push(answers![0]!.ms);
    }
    expect(waits.slice(0, 4).every((ms) => ms >= 5)).toBe(true);
    expect(waits.slice(6)).toEqual([0, 0]);
    expect(world.context.breakers.store!.open).toBe(true);
    faults.store = 'well';
    for (let i = 0; i < 200 && world.context.breakers.store!.open; i++) {
      await vi.advanceTimersByTimeAsync(100);
      // The pause between tries is one of the system's.
      await sleep(20);
    }
    expect(world.context.breakers.store!.open).toBe(false);
    const [answer] = (await answered(ask(world, 1, Infinity), 100))!;
    expect(answer!.result).toMatchObject({ decision: { degraded: [] } });
  });
});
