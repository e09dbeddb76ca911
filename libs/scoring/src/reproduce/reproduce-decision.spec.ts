import { hash } from 'node:crypto';
import { parseTransaction, type ParsedTransaction, type Transaction } from '@fraud/contract';
import {
  FEATURE_NAMES,
  FeatureStoreUnavailable,
  MemoryFeatureStore,
  parseFxTable,
  Pseudonyms,
  VECTOR_LENGTH,
  type FeatureStore,
} from '@fraud/features';
import { RolloutShare, RolloutTally, ServedModel, type Model } from '@fraud/model';
import type { DecisionEntry, DecisionRecord, LabelRecord, LateEntry } from '@fraud/records';
import { beforeAll, afterAll, describe, expect, it, vi } from 'vitest';
import { applyLabel } from '../apply-label.js';
import { CommitQueue } from '../commit-queue.js';
import type { ScoringContext } from '../context.js';
import { DecisionLog } from '../decision-log.js';
import { score } from '../pipeline.js';
import { HistoriesBehind } from '../histories-behind.js';
import { ownHistories, replayContext } from '../strategy.js';
import { VersionsOf } from '../versions-of.js';
import { reproduceDecision } from './reproduce-decision.js';
import type { Artefacts } from './reproduction.js';

const START = Date.parse('2026-03-01T00:00:00Z');
const FX = `reference: EUR
as_of: '2026-01-01'
currencies:
  EUR: { digits: 2, per_reference: 1 }
  USD: { digits: 2, per_reference: 1.1 }
`;
const POLICY = `thresholds: { step_up: 0.3, review: 0.6, decline: 0.9 }
degraded_thresholds: { step_up: 0.1, review: 0.5, decline: 0.8 }
fail_action: review
rollout: { least_decisions: 10, window_minutes: 5, most_errors: 0.1, most_declines: 0.1 }
`;
const policy = {
  thresholds: { step_up: 0.3, review: 0.6, decline: 0.9 },
  degraded_thresholds: { step_up: 0.1, review: 0.5, decline: 0.8 },
  fail_action: 'review',
} as const;
const versionOf = (text: string): string => hash('sha256', text, 'hex').slice(0, 12);

/** A model whose score depends on every feature, and which fails or gives NaN where it is told to. */
function aModel(version: string, mood: { fails: boolean; nan: boolean }): ServedModel {
  const manifest = {
    version,
    model: { sha256: hash('sha256', version, 'hex') },
  } as unknown as Model['manifest'];
  const model: Model = {
    manifest,
    directory: '',
    source: 'directory',
    run: (vectors, rows) => {
      if (mood.fails) return Promise.reject(new Error('no memory'));
      const scores = new Float32Array(rows);
      for (let r = 0; r < rows; r++) {
        let sum = version.length / 10;
        for (let i = 0; i < VECTOR_LENGTH; i++) {
          const v = vectors[r * VECTOR_LENGTH + i]!;
          sum += Number.isNaN(v) ? 0.1 * (i + 1) : Math.log1p(Math.abs(v)) * (i + 1);
        }
        // A row of an amount that ends in 13 is one that this model cannot score, now and ever.
        scores[r] = mood.nan && vectors[r * VECTOR_LENGTH]! % 1 > 0.85 ? NaN : sum % 1;
      }
      const contributions = vectors.map((v) => (Number.isNaN(v) ? 0.2 : v % 3));
      return Promise.resolve({ scores, contributions });
    },
    release: () => Promise.resolve(),
  };
  return new ServedModel(version, model, new Date(0));
}

/** Numbers from 0 to 1, always the same ones. */
function dice(): () => number {
  let state = 12345;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 2 ** 32;
  };
}

interface Recorded {
  readonly records: readonly DecisionRecord[];
  readonly labels: readonly LabelRecord[];
  readonly models: readonly ServedModel[];
}

/** Traffic of shared cards, merchants, devices and addresses in turns of 1 to 9, with outages, failures, a rollout and labels. */
async function recordTraffic(rows: number): Promise<Recorded> {
  const random = dice();
  const pick = (n: number): number => Math.floor(random() * n);
  const lines: string[] = [];
  const labels: LabelRecord[] = [];
  let storeIsAway = false;
  const memory = new MemoryFeatureStore({ decisionTtlMs: 3_600_000 });
  const store: FeatureStore = Object.assign(Object.create(memory) as MemoryFeatureStore, {
    exchange: (...args: Parameters<FeatureStore['exchange']>) =>
      storeIsAway ? Promise.reject(new FeatureStoreUnavailable('away')) : memory.exchange(args[0], args[1]),
  });
  const fx = parseFxTable(FX);
  const mood = { fails: false, nan: true };
  const active = aModel('one', mood);
  const candidate = aModel('other', { fails: false, nan: true });
  const log = new DecisionLog(
    {
      instance: 'test',
      full: false,
      append: (text) => lines.push(...text.trimEnd().split('\n')) > 0,
      store: { answers: () => Promise.resolve([]) },
    },
    'http',
  );
  const base: ScoringContext = {
    ...replayContext({ fx, pseudonyms: new Pseudonyms('key') }, ownHistories()),
    store,
    commits: new CommitQueue(store, () => undefined),
    policy,
    versions: new VersionsOf(versionOf(POLICY), fx.version),
    log,
  };
  const behind = new HistoriesBehind(base, () => undefined);
  const context: ScoringContext = {
    ...base,
    behind,
    observer: { ...base.observer, failed: () => undefined },
  };
  const done: ParsedTransaction[] = [];
  let at = 0;
  while (done.length < rows) {
    vi.setSystemTime(START + at * 250);
    storeIsAway = random() < 0.03;
    mood.fails = random() < 0.03;
    const rolled = at > rows / 2;
    const turn = Array.from({ length: 1 + pick(9) }, (_, i) => aTransaction(at + i, pick));
    at += turn.length;
    await score(
      turn.map((parsed) => ({ parsed, arrivedAt: performance.now() })),
      {
        ...context,
        models: {
          serving: {
            active: random() < 0.01 ? null : active,
            candidate: rolled
              ? { model: candidate, share: new RolloutShare({ version: 'x', percent: 30 }) }
              : null,
            shadow: null,
          },
          tally: new RolloutTally(),
        },
      },
    );
    done.push(...turn);
    if (random() < 0.2) {
      const parsed = done[pick(done.length)]!;
      vi.setSystemTime(START + at * 250 - 1);
      const now = new Date().toISOString();
      const label = { transaction_id: parsed.transaction.transaction_id, fraud: random() < 0.8 };
      labels.push({ ...label, source: 'chargeback', labelled_at: now, received_at: now, applied_at: now });
      await applyLabel(parsed, label.fraud, context);
    }
  }
  storeIsAway = false;
  await behind.close();
  const entries = lines.map((line) => JSON.parse(line) as DecisionEntry | LateEntry);
  const late = new Map(
    entries.flatMap((entry) =>
      entry.kind === 'late' ? entry.decision_ids.map((id) => [id, entry.appended_at!] as const) : [],
    ),
  );
  const records = entries
    .filter((entry) => entry.kind === 'decision')
    .map(({ kind: _, ...record }): DecisionRecord => {
      const appendedAt = late.get(record.decision.decision_id);
      return appendedAt === undefined ? record : { ...record, appended_at: appendedAt };
    });
  return { records, labels, models: [active, candidate] };
}

function aTransaction(serial: number, pick: (n: number) => number): ParsedTransaction {
  const transaction: Transaction = {
    transaction_id: `tx-${serial}`,
    // Histories are long, and reach back to labels; some events are late.
    occurred_at: new Date(START + serial * 1_200_000 - pick(3) * 1_500_000).toISOString(),
    amount: 100 + pick(90_000),
    currency: ['EUR', 'USD', 'EUR', 'XXX'][pick(20) === 0 ? 3 : pick(2)]!,
    // One of them with more events than features look at.
    card_id: `card-${pick(3) === 0 ? 0 : pick(12)}`,
    merchant_id: `merchant-${pick(5)}`,
    channel: 'ecommerce',
    country: ['FR', 'DE'][pick(2)]!,
    device_id: `device-${pick(10)}`,
    ip: `10.0.0.${pick(6)}`,
    ...(pick(2) === 0 && { terminal_id: `terminal-${pick(3)}` }),
  };
  const parsed = parseTransaction(transaction);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed;
}

describe('reproduceDecision', () => {
  let recorded: Recorded;
  let artefacts: Artefacts;
  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    recorded = await recordTraffic(1500);
    const texts = new Map([
      [`policy ${versionOf(POLICY)}`, POLICY],
      [`fx ${versionOf(FX)}`, FX],
    ]);
    artefacts = {
      artefact: (name, version) => Promise.resolve(texts.get(`${name} ${version}`) ?? null),
      labels: (ids) =>
        Promise.resolve(recorded.labels.filter(({ transaction_id }) => ids.includes(transaction_id))),
      // Those of then, in a better mood.
      model: (version, sha256) => {
        const again = ['one', 'other'].map((name) => aModel(name, { fails: false, nan: true }));
        return Promise.resolve(
          again.find(
            ({ manifest }) => manifest.version === version && manifest.model.sha256.startsWith(sha256),
          ) ?? null,
        );
      },
    };
  });
  afterAll(() => {
    vi.useRealTimers();
  });

  const withOther = (more: Partial<Artefacts>): Artefacts => ({ ...artefacts, ...more });
  const aHealthyOne = (): DecisionRecord =>
    recorded.records.find(
      ({ decision }) => decision.decision === 'decline' && decision.degraded.length === 0,
    )!;

  it('has every kind of decision to repeat', () => {
    const { records } = recorded;
    expect(records.length).toBeGreaterThanOrEqual(1500);
    const degraded = new Set(records.flatMap(({ decision }) => decision.degraded));
    expect([...degraded].toSorted()).toEqual([
      'features_unavailable',
      'model_unavailable',
      'unknown_currency',
    ]);
    expect(new Set(records.map(({ decision }) => decision.arm))).toEqual(
      new Set([undefined, 'control', 'candidate']),
    );
    expect(new Set(records.map(({ decision }) => decision.decision)).size).toBe(4);
    expect(records.some(({ decision }) => decision.saturated !== undefined)).toBe(true);
    const withoutScore = records.filter(({ decision }) => decision.source === 'fallback');
    expect(new Set(withoutScore.map(({ contributions }) => contributions === null))).toEqual(
      new Set([true, false]),
    );
    expect(records.some(({ decision }) => decision.versions.model === '')).toBe(true);
  });

  it('repeats every decision from its recorded vector, to the bit', async () => {
    for (const record of recorded.records) {
      expect(await reproduceDecision(record, null, artefacts)).toEqual({
        source: 'vector',
        identical: true,
        differs: [],
      });
    }
  });

  it('repeats decisions from what happened before, to the bit', async () => {
    const { records } = recorded;
    const differing: unknown[] = [];
    let tried = 0;
    for (let i = 0; i < records.length; i += 100) {
      tried += 1;
      const found = await reproduceDecision(records[i]!, records.slice(0, i), artefacts);
      expect(found.source).toBe('events');
      if (!found.identical) differing.push([i, found.differs]);
    }
    expect(differing.length / tried).toBeLessThanOrEqual(0.01);
  });

  it('names the features that come out otherwise where something of the past is missing', async () => {
    const { records } = recorded;
    const i = records.findLastIndex(({ decision }) => decision.degraded.length === 0);
    const record = records[i]!;
    const without = records
      .slice(0, i)
      .filter(({ transaction }) => transaction.card_id !== record.transaction.card_id);
    const { identical, differs } = await reproduceDecision(record, without, artefacts);
    expect(identical).toBe(false);
    const inputs = differs.map(({ input }) => input);
    expect(inputs.some((input) => FEATURE_NAMES.includes(input.replace('feature ', '')))).toBe(true);
    expect(
      inputs
        .filter((input) => input.startsWith('feature '))
        .every((input) => /card|device|ip|^feature/.test(input)),
    ).toBe(true);
  });

  it('says that a model is not found, by version and hash', async () => {
    const record = aHealthyOne();
    const { model, model_sha256 } = record.decision.versions;
    const found = await reproduceDecision(record, null, withOther({ model: () => Promise.resolve(null) }));
    expect(found).toEqual({
      source: 'vector',
      identical: false,
      differs: [{ input: 'model', recorded: `${model} (${model_sha256})`, now: 'not found' }],
    });
  });

  it('says that policy and fx table are not recorded, or of no form that it reads', async () => {
    const record = aHealthyOne();
    const none = await reproduceDecision(record, null, withOther({ artefact: () => Promise.resolve(null) }));
    expect(none.differs).toEqual([
      { input: 'fx table', recorded: versionOf(FX), now: 'not recorded' },
      { input: 'policy', recorded: versionOf(POLICY), now: 'not recorded' },
    ]);
    const odd = await reproduceDecision(record, null, withOther({ artefact: () => Promise.resolve('a: 1') }));
    expect(odd.differs.map(({ input, now }) => [input, now.split(':')[0]])).toEqual([
      ['fx table', 'not of a form that this version reads'],
      ['policy', 'not of a form that this version reads'],
    ]);
  });

  it('says that the features were those of another catalogue', async () => {
    const record = structuredClone(aHealthyOne());
    Object.assign(record.decision.versions, { features: 'another' });
    const { differs } = await reproduceDecision(record, null, artefacts);
    expect(differs).toMatchObject([{ input: 'feature catalogue', recorded: 'another' }]);
  });

  it('names the fields of the answer, and the contributions, that come out otherwise', async () => {
    const other = POLICY.replace('decline: 0.9 }', 'decline: 1 }');
    const stricter = withOther({ artefact: (name) => Promise.resolve(name === 'policy' ? other : FX) });
    const { differs } = await reproduceDecision(aHealthyOne(), null, stricter);
    expect(differs).toEqual([{ input: 'answer decision', recorded: '"decline"', now: '"review"' }]);
    const swapped = withOther({
      model: () => Promise.resolve(aModel('another one', { fails: false, nan: false })),
    });
    const byOther = await reproduceDecision(aHealthyOne(), null, swapped);
    expect(byOther.differs.map(({ input }) => input)).toContain('answer score');
    const changed = { ...aHealthyOne(), contributions: Buffer.alloc(VECTOR_LENGTH * 4).toString('base64') };
    const contributions = await reproduceDecision(changed, null, artefacts);
    expect(contributions.differs[0]!.input).toMatch(/^contribution \w+$/);
  });

  it('takes no notice of timings and of the version of the code', async () => {
    const record = structuredClone(aHealthyOne());
    Object.assign(record.decision.timings_us, { total: 1 });
    Object.assign(record.decision.versions, { engine: '0.0.1' });
    expect((await reproduceDecision(record, null, artefacts)).identical).toBe(true);
  });
});
