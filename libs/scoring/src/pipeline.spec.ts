import { parseTransaction, type Decision, type Transaction } from '@fraud/contract';
import {
  FeatureStoreUnavailable,
  MemoryFeatureStore,
  Pseudonyms,
  VECTOR_LENGTH,
  type FeatureStore,
} from '@fraud/features';
import { RolloutShare, RolloutTally, ServedModel, type Model, type ServingModels } from '@fraud/model';
import { outcomeOf } from '@fraud/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Arrival } from './arrival.js';
import { CommitQueue } from './commit-queue.js';
import type { ScoringContext } from './context.js';
import { score as scoreArrivals, type Result } from './pipeline.js';
import { Pace } from './pace.js';
import { NO_RULES, parseRules } from './rules/rules-file.js';
import type { RuleSet } from '@fraud/policy';
import { VersionsOf } from './versions-of.js';

/** Nothing here may wait. */
const score = scoreArrivals as (...args: Parameters<typeof scoreArrivals>) => Promise<Result[]>;

function manifestOf(version: string): Model['manifest'] {
  return { version, model: { sha256: version.repeat(64) } } as unknown as Model['manifest'];
}

/** Serves a model, alone or beside the one of a rollout. */
function serving(active: Model, candidate?: Model, percent = 50): ServingModels {
  const served = (one: Model): ServedModel => new ServedModel(one.manifest.version, one, new Date());
  return {
    serving: {
      active: served(active),
      candidate:
        candidate === undefined
          ? null
          : { model: served(candidate), share: new RolloutShare({ version: 'v2', percent }) },
      shadow: null,
    },
    tally: new RolloutTally(),
  };
}

/** A score that depends on every feature, so that any difference in a vector shows. */
const model: Model = {
  manifest: manifestOf('m'),
  directory: '',
  source: 'directory',
  run: (vectors, rows) => {
    const scores = new Float32Array(rows);
    for (let r = 0; r < rows; r++) {
      let sum = 0;
      for (let i = 0; i < VECTOR_LENGTH; i++) {
        const v = vectors[r * VECTOR_LENGTH + i]!;
        sum += Number.isNaN(v) ? 0.1 * (i + 1) : Math.log1p(Math.abs(v)) * (i + 1);
      }
      scores[r] = sum % 1;
    }
    return Promise.resolve({ scores, contributions: vectors.map((v) => (Number.isNaN(v) ? 0.2 : v % 3)) });
  },
  release: () => Promise.resolve(),
};

const SMALL = { maxCards: 100, maxMerchants: 100, maxDecisions: 1000 };

interface World {
  readonly context: ScoringContext;
  readonly failures: string[];
  readonly decided: { decision: Decision; replayed: boolean }[];
}

function world(overrides: Partial<ScoringContext> = {}): World {
  const failures: string[] = [];
  const decided: World['decided'] = [];
  const store = overrides.store ?? new MemoryFeatureStore({ decisionTtlMs: 3_600_000, ...SMALL });
  const context: ScoringContext = {
    store,
    commits: new CommitQueue(store, (code) => failures.push(code)),
    models: serving(model),
    shadow: null,
    drift: null,
    log: null,
    fx: { version: 'fx', convert: (amount, currency) => (currency === 'EUR' ? amount : NaN) },
    pseudonyms: new Pseudonyms('key'),
    policy: {
      thresholds: { step_up: 0.3, review: 0.7, decline: 0.9 },
      degraded_thresholds: { step_up: 0.1, review: 0.5, decline: 0.8 },
      fail_action: 'review',
    },
    rules: NO_RULES,
    breakers: { store: null, records: null },
    behind: null,
    pace: new Pace(),
    safeModes: { declines: false, unscored: false },
    whenFull: 'answer',
    versions: new VersionsOf('p', 'fx'),
    observer: {
      turn: () => undefined,
      decided: (decision, replayed) => decided.push({ decision, replayed }),
      failed: (code) => failures.push(code),
      shadowed: () => undefined,
    },
    storeTimeoutMs: 10,
    waitsForStore: false,
    budgetMs: 60_000,
    ...overrides,
  };
  return { context, failures, decided };
}

const START = Date.UTC(2026, 0, 5);

function arrival(id: string, more: Partial<Transaction> = {}): Arrival {
  const parsed = parseTransaction({
    transaction_id: id,
    occurred_at: new Date(START).toISOString(),
    amount: 1000,
    currency: 'EUR',
    card_id: 'card',
    merchant_id: 'merchant',
    ...more,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return { parsed, arrivedAt: performance.now() };
}

async function run(arrivals: readonly Arrival[], context: ScoringContext, size: number): Promise<Result[]> {
  const results: Result[] = [];
  for (let i = 0; i < arrivals.length; i += size)
    results.push(...(await score(arrivals.slice(i, i + size), context)));
  return results;
}

/** What of an answer must not depend on when and with whom it was decided. */
function essence(result: Result): unknown {
  if (result.kind === 'refused') return result.problem.code;
  const { timings_us: _, decided_at: __, ...rest } = result.decision;
  return { ...rest, replayed: result.replayed };
}

const step = fc.record({
  id: fc.integer({ min: 0, max: 90 }),
  card: fc.integer({ min: 0, max: 3 }),
  merchant: fc.integer({ min: 0, max: 2 }),
  terminal: fc.option(fc.integer({ min: 0, max: 2 })),
  device: fc.option(fc.integer({ min: 0, max: 3 })),
  ip: fc.option(fc.integer({ min: 0, max: 3 })),
  minutes: fc.integer({ min: -3000, max: 3000 }),
  amount: fc.integer({ min: 0, max: 1_000_000 }),
  currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'XTS'),
});

describe('score', () => {
  it('gives the same bits in batches of 1, 7 and 64, repeats and conflicts included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 100 }), async (steps) => {
        const arrivals = steps.map((s) =>
          arrival(`tx-${s.id}`, {
            occurred_at: new Date(START + s.minutes * 60_000).toISOString(),
            card_id: `card-${s.card}`,
            merchant_id: `merchant-${s.merchant}`,
            ...(s.terminal === null ? {} : { terminal_id: `terminal-${s.terminal}` }),
            ...(s.device === null ? {} : { device_id: `device-${s.device}` }),
            ...(s.ip === null ? {} : { ip: `192.0.2.${s.ip}` }),
            amount: s.amount,
            currency: s.currency,
          }),
        );
        const [one, seven, many] = await Promise.all(
          [1, 7, 64].map(async (size) => (await run(arrivals, world().context, size)).map(essence)),
        );
        expect(seven).toEqual(one);
        expect(many).toEqual(one);
      }),
      { numRuns: 60 },
    );
  });

  it('answers a repeat with the stored decision, to the byte', async () => {
    const { context, decided } = world();
    const [first] = await score([arrival('tx')], context);
    const [again] = await score([arrival('tx')], context);
    expect(again).toMatchObject({ kind: 'decided', replayed: true });
    expect(JSON.stringify(again?.kind === 'decided' && again.decision)).toBe(
      JSON.stringify(first?.kind === 'decided' && first.decision),
    );
    expect(decided.map((d) => d.replayed)).toEqual([false, true]);
  });

  it('refuses the same id with other content, on its own card and on another', async () => {
    const { context } = world();
    await score([arrival('tx')], context);
    const [amount, card] = await score(
      [arrival('tx', { amount: 1 }), arrival('tx', { card_id: 'other' })],
      context,
    );
    expect(amount).toMatchObject({ kind: 'refused', problem: { code: 'transaction_conflict', status: 409 } });
    expect(card).toMatchObject({ kind: 'refused', problem: { code: 'transaction_conflict' } });
  });

  it('answers a true repeat behind a conflict in the same turn', async () => {
    const { context } = world();
    await score([arrival('tx')], context);
    const [conflict, repeat] = await score([arrival('tx', { amount: 1 }), arrival('tx')], context);
    expect(conflict).toMatchObject({ kind: 'refused', problem: { code: 'transaction_conflict' } });
    expect(repeat).toMatchObject({ kind: 'decided', replayed: true });
  });

  it('decides anew where the stored decision cannot be read, and counts it; its neighbours do not notice', async () => {
    const { context, failures } = world();
    const value = Buffer.from('{"x":1}');
    await context.store.exchange([], [{ transactionId: 'bad', value, counter: null }], 100);
    const results = await score([arrival('a'), arrival('bad'), arrival('b')], context);
    expect(results.map((r) => r.kind === 'decided' && r.replayed)).toEqual([false, false, false]);
    expect(failures).toEqual(['stored_decision_unreadable']);
  });

  it('leaves no trace of a conflict on the other card', async () => {
    const clean = world().context;
    const [expected] = await score([arrival('probe', { card_id: 'other' })], clean);
    const { context } = world();
    await score([arrival('tx', { merchant_id: 'elsewhere' })], context);
    await score([arrival('tx', { card_id: 'other', merchant_id: 'elsewhere' })], context);
    const [got] = await score([arrival('probe', { card_id: 'other' })], context);
    expect(essence(got!)).toEqual(essence(expected!));
  });

  it('decides on default features by the careful thresholds, and says so, when the store is down', async () => {
    const down: FeatureStore = {
      kind: 'down',
      exchange: () => Promise.reject(new FeatureStoreUnavailable('down')),
      look: () => Promise.reject(new FeatureStoreUnavailable('down')),
      decisions: () => Promise.reject(new FeatureStoreUnavailable('down')),
      label: () => Promise.reject(new FeatureStoreUnavailable('down')),
      forget: () => Promise.reject(new FeatureStoreUnavailable('down')),
      ping: () => Promise.resolve(false),
      close: () => Promise.resolve(),
    };
    const { context, failures } = world({ store: down });
    const [result] = await score([arrival('tx')], context);
    const decision = result?.kind === 'decided' ? result.decision : undefined;
    expect(decision).toMatchObject({ source: 'model', degraded: ['features_unavailable'] });
    expect(decision?.reasons[0]).toMatchObject({ code: 'features_unavailable' });
    expect(decision?.decision).toBe(outcomeOf(decision?.score ?? NaN, true, context.policy));
    expect(failures).toContain('features_unavailable');
    expect(context.commits.size).toBe(1);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('boom'))],
    [
      'gives NaN',
      () => Promise.resolve({ scores: Float32Array.of(NaN), contributions: new Float32Array(VECTOR_LENGTH) }),
    ],
    [
      'gives more than 1',
      () => Promise.resolve({ scores: Float32Array.of(1.5), contributions: new Float32Array(VECTOR_LENGTH) }),
    ],
  ])('takes the fail action, without a score, when the model %s', async (_, runModel) => {
    const { context } = world({ models: serving({ ...model, run: runModel }) });
    const [result] = await score([arrival('tx')], context);
    expect(result).toMatchObject({
      kind: 'decided',
      decision: { decision: 'review', source: 'fallback', degraded: ['model_unavailable'] },
    });
    expect(result?.kind === 'decided' && 'score' in result.decision).toBe(false);
  });

  it('says that a history has more transactions than features look at, and says so again to a repeat', async () => {
    const { context } = world();
    const visits = { device_id: 'device', ip: '192.0.2.1' };
    const results = await run(
      Array.from({ length: 258 }, (_, i) => arrival(`tx-${i}`, visits)),
      context,
      100,
    );
    const saturated = results.map((r) => (r.kind === 'decided' ? r.decision.saturated : undefined));
    // Behind as many as features look at, none is missing; behind one more, one is.
    expect(saturated[64]).toBeUndefined();
    expect(saturated[65]).toEqual(['device']);
    expect(saturated[129]).toEqual(['device', 'ip']);
    expect(saturated[256]).toEqual(['device', 'ip']);
    expect(saturated[257]).toEqual(['card', 'device', 'ip']);
    expect(results.every((r) => r.kind === 'decided' && r.decision.degraded.length === 0)).toBe(true);
    const [again] = await score([arrival('tx-257', visits)], context);
    expect(again).toEqual({ ...results[257], replayed: true });
    const [later] = await score(
      [arrival('later', { ...visits, occurred_at: new Date(START + 37 * 86_400_000).toISOString() })],
      context,
    );
    expect(later?.kind === 'decided' && 'saturated' in later.decision).toBe(false);
  });

  it('says that the currency is unknown, and is careful', async () => {
    const { context } = world();
    const [result] = await score([arrival('tx', { currency: 'XTS' })], context);
    expect(result).toMatchObject({ kind: 'decided', decision: { degraded: ['unknown_currency'] } });
  });

  describe('while a share of the cards is given to another model', () => {
    const constant = (version: string, value: number): Model => ({
      ...model,
      manifest: manifestOf(version),
      run: (_, rows) =>
        Promise.resolve({
          scores: new Float32Array(rows).fill(value),
          contributions: new Float32Array(rows * VECTOR_LENGTH).fill(value),
        }),
    });
    const mixed = (): Arrival[] =>
      Array.from({ length: 40 }, (_, i) => arrival(`tx-${i}`, { card_id: `card-${i % 20}` }));
    const decisions = (results: readonly Result[]): Decision[] =>
      results.flatMap((r) => (r.kind === 'decided' ? [r.decision] : []));

    it.each([1, 7, 40])('each card has its model in turns of %d, and the answer says which', async (size) => {
      const models = serving(constant('m', 0.1), constant('c', 0.95));
      const share = models.serving.candidate!.share;
      const found = decisions(await run(mixed(), world({ models }).context, size));
      found.forEach((decision, i) => {
        const theirs = share.has(`card-${i % 20}`);
        expect([decision.arm, decision.versions.model, decision.decision]).toEqual(
          theirs ? ['candidate', 'c', 'decline'] : ['control', 'm', 'approve'],
        );
      });
      const theirs = found.filter(({ arm }) => arm === 'candidate').length;
      expect(theirs).toBeGreaterThan(0);
      expect(theirs).toBeLessThan(40);
      expect(models.tally.take()).toEqual({ decisions: theirs, errors: 0, declines: theirs });
    });

    it('the scores and reasons of the others are those without a rollout, to the bit', async () => {
      const before = decisions(await run(mixed(), world().context, 40));
      const during = decisions(
        await run(mixed(), world({ models: serving(model, constant('c', 0.95)) }).context, 40),
      );
      const kept = during.filter(({ arm }) => arm === 'control');
      expect(kept.length).toBeGreaterThan(0);
      for (const { transaction_id, score: given, reasons } of kept) {
        expect({ given, reasons }).toEqual(
          before
            .filter((d) => d.transaction_id === transaction_id)
            .map((d) => ({ given: d.score, reasons: d.reasons }))[0],
        );
      }
    });

    it.each([
      ['throws', (): Promise<never> => Promise.reject(new Error('boom'))],
      ['gives NaN', (v: Float32Array, rows: number) => constant('c', NaN).run(v, rows)],
    ])('the active model decides where the other one %s, which is counted', async (_, broken) => {
      const models = serving(constant('m', 0.1), { ...constant('c', 0), run: broken }, 100);
      const { context, failures } = world({ models });
      const found = decisions(await run(mixed(), context, 40));
      expect(found.every((d) => d.arm === 'control' && d.versions.model === 'm' && d.score === 0.1)).toBe(
        true,
      );
      expect(failures).toContain('candidate_unavailable');
      expect(models.tally.take()).toEqual({ decisions: 40, errors: 40, declines: 0 });
    });

    it('the active model still decides its rows where it is replaced while the other one runs', async () => {
      const models = serving(constant('m', 0.1), {
        ...constant('c', 0),
        run: async () => {
          await models.serving.active!.retire();
          throw new Error('boom');
        },
      });
      const found = decisions(await run(mixed(), world({ models }).context, 40));
      expect(found.map(({ score: given }) => given)).toEqual(found.map(() => 0.1));
    });

    it('a repeat gets the arm that decided', async () => {
      const { context } = world({ models: serving(constant('m', 0.1), constant('c', 0.95), 100) });
      const [first] = await score([arrival('tx')], context);
      await context.commits.flush();
      const [again] = await score([arrival('tx')], context);
      expect(again).toEqual({ ...first, replayed: true });
      expect(decisions([again!])[0]?.arm).toBe('candidate');
    });
  });
});

describe('rules', () => {
  const ruled = (...rules: string[]): RuleSet => {
    const texts = rules.map(
      (rule) => `{ reason: why, sentence: Because, ${rule.includes('mode:') ? '' : 'mode: live, '}${rule} }`,
    );
    return parseRules(`rules: [${texts.join(', ')}]`, 'rules.yaml');
  };
  const decideBy = async (rules: RuleSet, more: Partial<ScoringContext> = {}): Promise<Decision> => {
    const { context } = world({ rules, versions: new VersionsOf('p', 'fx', rules.version), ...more });
    const [result] = await score([arrival('tx', { amount: 5_000, currency: 'EUR' })], context);
    if (result?.kind !== 'decided') throw new Error('it is not decided');
    return result.decision;
  };
  const always = `'transaction.amount > 0'`;

  it('decide where one asks for more than the score: source, reason, ids and their version say so', async () => {
    const plain = await decideBy(ruled());
    expect([plain.source, plain.rules]).toEqual(['model', undefined]);
    const rules = ruled(
      `id: one, when: ${always}, action: decline`,
      `id: two, when: ${always}, action: step_up`,
    );
    const decision = await decideBy(rules);
    expect(decision).toMatchObject({
      decision: 'decline',
      source: 'rules',
      rules: ['one', 'two'],
      score: plain.score,
    });
    expect(decision.reasons[0]).toEqual({ code: 'rule.why', text: 'Because' });
    expect(decision.versions.rules).toBe(rules.version);
    expect(rules.version).not.toBe(plain.versions.rules);
  });

  it('see the features of their own row, its transaction and its score', async () => {
    const { context } = world({
      rules: ruled(
        `id: third, when: 'card_count_1h >= 2.0 && score >= 0.0 && transaction.transaction_id == "c"', action: decline`,
      ),
    });
    const results = await score([arrival('a'), arrival('b'), arrival('c'), arrival('d')], context);
    expect(results.map((r) => r.kind === 'decided' && (r.decision.rules ?? []))).toEqual([
      [],
      [],
      ['third'],
      [],
    ]);
  });

  it('in shadow change nothing, and are named', async () => {
    const plain = await decideBy(ruled());
    const decision = await decideBy(ruled(`id: one, when: ${always}, action: decline, mode: shadow`));
    expect(decision.shadow_rules).toEqual(['one']);
    expect([decision.decision, decision.source, decision.reasons]).toEqual([
      plain.decision,
      plain.source,
      plain.reasons,
    ]);
  });

  it('carry the decision where the model cannot, and approve nothing there', async () => {
    const without = { models: null };
    const declined = await decideBy(ruled(`id: one, when: ${always}, action: decline`), without);
    expect(declined).toMatchObject({ decision: 'decline', source: 'rules', degraded: ['model_unavailable'] });
    expect(declined.reasons.map(({ code }) => code)).toEqual(['rule.why', 'model_unavailable']);
    const approved = await decideBy(ruled(`id: one, when: ${always}, action: approve`), without);
    expect(approved).toMatchObject({ decision: 'review', source: 'fallback', rules: ['one'] });
    const byScore = await decideBy(ruled(`id: one, when: 'score < 2.0', action: decline`), without);
    expect(byScore).toMatchObject({ decision: 'review', source: 'fallback' });
  });

  it('that fail count as none, are told of, and the others decide', async () => {
    const failing = `id: bad, when: 'int(transaction.currency) > 5', action: approve`;
    const rules = ruled(failing, `id: one, when: ${always}, action: decline`);
    const { context, failures } = world({ rules });
    const [result] = await score([arrival('tx')], context);
    expect(result).toMatchObject({ kind: 'decided', decision: { decision: 'decline', rules: ['one'] } });
    expect(failures).toEqual(['rule_failed']);
  });

  it('are part of the stored decision: a repeat gets the same bytes, whatever the rules are by then', async () => {
    const rules = ruled(`id: one, when: ${always}, action: review`);
    const { context } = world({ rules, versions: new VersionsOf('p', 'fx', rules.version) });
    const [first] = await score([arrival('tx')], context);
    const [again] = await score([arrival('tx')], { ...context, rules: ruled() });
    expect(again).toMatchObject({ kind: 'decided', replayed: true });
    expect(JSON.stringify(again?.kind === 'decided' && again.decision)).toBe(
      JSON.stringify(first?.kind === 'decided' && first.decision),
    );
  });
});
