import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Decision, Problem, Transaction } from '@fraud/contract';
import type { BypassEntry } from '@fraud/records';
import { simulate } from '@fraud/traffic';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { undescribed } from '../support/asyncapi.js';
import { runCli } from '../support/cli.js';
import { proxyTo, type FaultProxy } from '../support/fault-proxy.js';
import { freePort } from '../support/free-port.js';
import { KafkaBench } from '../support/kafka.js';
import { emptyPostgres } from '../support/postgres-database.js';
import { startApi, startConsumer, type ProductProcess } from '../support/product-process.js';
import { emptyDatabase } from '../support/redis-database.js';
import { aTransaction, post, sample } from '../support/transactions.js';
import { until } from '../support/until.js';

/** Decisions are to be full ones, however busy the machine is. */
const PATIENT = { REDIS_TIMEOUT_MS: '1000', LATENCY_BUDGET_MS: '10000' };
/** The long form is an hour at 20 a second: FRAUD_BYPASS_ROWS=72000. A quarter is scored, half is let through, the last is scored again. */
const ROWS = Number(process.env['FRAUD_BYPASS_ROWS'] ?? 1200);
const QUARTER = ROWS / 4;
const DIANA = { reason: 'the model declines everything', author: 'diana' };

let directory: string;
const running: ProductProcess[] = [];
const proxies: FaultProxy[] = [];

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'bypass-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await Promise.all(proxies.splice(0).map((one) => one.close()));
});
afterAll(() => rm(directory, { recursive: true }));

const started = async (one: Promise<ProductProcess>): Promise<ProductProcess> => {
  running.push(await one);
  return running.at(-1)!;
};

const decide = async ({ url }: ProductProcess, transaction = aTransaction()): Promise<Decision> =>
  (await (await post(`${url}/v1/decisions`, transaction)).json()) as Decision;

const metrics = async ({ url }: ProductProcess): Promise<string> =>
  await (await fetch(`${url}/metrics`)).text();

interface State {
  readonly active: boolean;
  readonly by: string;
  readonly bypass: { readonly author: string; readonly until: string; readonly since: string } | null;
  readonly let_through: { readonly transactions: number; readonly waiting_for_histories: number };
}
const stateOf = async ({ url }: ProductProcess): Promise<State> =>
  (await (await fetch(`${url}/v1/bypass`)).json()) as State;

async function ledgerOf({ url }: ProductProcess): Promise<BypassEntry[]> {
  const answer = await fetch(`${url}/v1/bypass/ledger?limit=500`);
  // The database is still opening.
  if (answer.status === 503) return [];
  return ((await answer.json()) as { entries: BypassEntry[] }).entries;
}

/** An address where nobody listens. */
const nobody = async (scheme: string): Promise<string> => `${scheme}://127.0.0.1:${await freePort()}`;

describe('BYPASS_MODE', () => {
  it('approves everything, says so, and is ready without model, Redis and records', async () => {
    const api = await started(
      startApi({
        BYPASS_MODE: 'true',
        MODEL_URI: path.join(directory, 'no models'),
        REDIS_URL: await nobody('redis'),
        DATABASE_URL: `${await nobody('postgres')}/records`,
      }),
    );
    const ready = await fetch(`${api.url}/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({
      degraded: expect.arrayContaining(['bypassed']) as unknown,
      checks: { model: { status: 'up', bypassed: true } },
    });
    const decision = await decide(api);
    expect(decision).toMatchObject({ decision: 'approve', source: 'bypass', degraded: ['bypassed'] });
    expect(decision).not.toHaveProperty('score');
    expect(decision.reasons).toEqual([
      { code: 'bypassed', text: 'Scoring is bypassed: every transaction is approved' },
    ]);
    const found = await metrics(api);
    expect(sample(found, 'fraud_bypass_active')).toBe(1);
    expect(sample(found, 'fraud_bypass_amount_total')).toBe(4999);
    expect(sample(found, 'fraud_decisions_total{decision="approve",source="bypass"}')).toBe(1);
    expect(api.output()).toMatch(/BYPASS: every transaction is approved unscored, since .* by BYPASS_MODE/);
    expect((await post(`${api.url}/v1/bypass`, DIANA)).status).toBe(409);
    expect((await post(`${api.url}/v1/bypass/end`, { author: 'diana' })).status).toBe(409);
  });

  it('still refuses what is not valid, and each batch keeps its order', async () => {
    const api = await started(startApi({ BYPASS_MODE: 'true' }));
    const wrong = await post(`${api.url}/v1/decisions`, { ...aTransaction(), amount: 'many' });
    expect(wrong.status).toBe(400);
    const transactions = [aTransaction(), aTransaction(), aTransaction()];
    const same = { ...transactions[0]!, amount: 1 };
    const answer = await post(`${api.url}/v1/decisions/batch`, {
      transactions: [...transactions, transactions[1], same],
    });
    const { decisions } = (await answer.json()) as { decisions: (Decision & Problem)[] };
    expect(decisions.slice(0, 3).map((d) => d.transaction_id)).toEqual(
      transactions.map((t) => t.transaction_id),
    );
    expect(decisions[3]).toEqual(decisions[1]);
    expect(decisions[4]!.code).toBe('transaction_conflict');
  });

  it('starts where the records are locked, and says of each answer that it is not recorded', async () => {
    const data = { DATA_DIR: path.join(directory, 'locked'), RECORDS: 'on' };
    const first = await started(startApi(data));
    const second = await started(startApi({ ...data, BYPASS_MODE: 'true' }));
    expect((await fetch(`${second.url}/ready`)).status).toBe(200);
    expect((await decide(second)).degraded).toEqual(['bypassed', 'records_unavailable']);
    expect(second.output()).toContain('started without records');
    expect((await decide(first)).source).toBe('model');
  });

  it('false wins over what administrators agreed on', async () => {
    const env = { REDIS_URL: await emptyDatabase(inject('redisUrl'), 44), ...PATIENT };
    const open = await started(startApi(env));
    const pinned = await started(startApi({ ...env, BYPASS_MODE: 'false' }));
    expect((await post(`${open.url}/v1/bypass`, DIANA)).status).toBe(200);
    await until(async () => (await decide(open)).source === 'bypass');
    expect((await decide(pinned)).source).toBe('model');
    expect(await stateOf(pinned)).toMatchObject({ active: false, by: 'environment', bypass: null });
  });

  it('set for a consumer, publishes approvals and commits', async () => {
    const bench = await KafkaBench.open(inject('kafkaBrokers'), 2);
    const transactions = Array.from({ length: 20 }, () => aTransaction());
    await bench.produce(transactions.map((t) => ({ key: t.card_id, value: JSON.stringify(t) })));
    await started(
      startConsumer({
        ...bench.env,
        BYPASS_MODE: 'true',
        REDIS_URL: await emptyDatabase(inject('redisUrl'), 45),
      }),
    );
    await until(async () => (await bench.lag()) === 0);
    const decisions = (await bench.read(bench.decisions)).map(
      ({ value }) => JSON.parse(String(value)) as Decision,
    );
    expect(new Set(decisions.map((d) => d.transaction_id))).toEqual(
      new Set(transactions.map((t) => t.transaction_id)),
    );
    expect(new Set(decisions.map((d) => `${d.decision} ${d.source}`))).toEqual(new Set(['approve bypass']));
    await bench.close();
  });
});

describe('a bypass that an administrator begins', () => {
  it('reaches every instance within two seconds, also those that start later, and ends for all', async () => {
    const env = { REDIS_URL: await emptyDatabase(inject('redisUrl'), 44), ...PATIENT };
    const one = await started(startApi(env));
    const other = await started(startApi(env));
    expect(await stateOf(one)).toMatchObject({ active: false, by: 'agreement', bypass: null });
    const begun = await post(`${one.url}/v1/bypass`, { ...DIANA, minutes: 30 });
    expect(begun.status).toBe(200);
    const at = performance.now();
    expect((await decide(one)).source).toBe('bypass');
    await until(async () => (await decide(other)).source === 'bypass');
    expect(performance.now() - at).toBeLessThan(2000);
    const { bypass } = await stateOf(other);
    expect(bypass).toMatchObject({ author: 'diana', reason: DIANA.reason, doors: ['http'] });
    expect(Date.parse(bypass!.until) - Date.parse(bypass!.since)).toBe(30 * 60_000);
    const later = await started(startApi(env));
    expect((await decide(later)).source).toBe('bypass');
    const ended = await post(`${other.url}/v1/bypass/end`, { author: 'carl' });
    expect(ended.status).toBe(200);
    const endedAt = performance.now();
    for (const instance of [one, other, later])
      await until(async () => (await decide(instance)).source === 'model');
    expect(performance.now() - endedAt).toBeLessThan(2000);
    await until(() => one.output().includes('the bypass has ended'));
  });

  it('needs a reason and an author, and no more minutes than may be', async () => {
    const api = await started(startApi({ BYPASS_MAX_MINUTES: '60' }));
    const answer = await post(`${api.url}/v1/bypass`, { minutes: 61, doors: ['window'], because: 'x' });
    expect(answer.status).toBe(400);
    const { code, errors } = (await answer.json()) as Problem;
    expect(code).toBe('invalid_bypass');
    expect(errors!.map(({ field, code: why }) => [field, why])).toEqual([
      ['because', 'choice'],
      ['reason', 'required'],
      ['author', 'required'],
      ['minutes', 'range'],
      ['doors', 'choice'],
    ]);
    expect((await decide(api)).source).toBe('model');
  });

  it('is not begun where it cannot be shared', async () => {
    const proxy = await proxyTo(await emptyDatabase(inject('redisUrl'), 44));
    proxies.push(proxy);
    const api = await started(startApi({ REDIS_URL: proxy.url }));
    proxy.cut();
    const answer = await post(`${api.url}/v1/bypass`, DIANA);
    expect(answer.status).toBe(503);
    expect(((await answer.json()) as Problem).code).toBe('control_unavailable');
    expect((await stateOf(api)).active).toBe(false);
  });

  it('by the command line: on, status, off', async () => {
    const api = await started(startApi());
    const cli = (...args: string[]) => runCli(['bypass', ...args, '--url', api.url]);
    expect((await cli('status')).output).toContain('No bypass');
    const on = await cli('on', '--reason', 'trial', '--author', 'diana', '--minutes', '5');
    expect(on.output).toMatch(/^BYPASS: transactions are approved unscored\n.*http, by diana: trial/);
    expect((await decide(api)).source).toBe('bypass');
    expect((await cli('off', '--author', 'diana')).output).toContain('No bypass');
    expect((await decide(api)).source).toBe('model');
  });
});

describe('what a bypass let through', () => {
  it('is scored afterwards as a twin decided it that was never bypassed; and histories have no hole, though Redis was away for a part', async () => {
    const bench = await KafkaBench.open(inject('kafkaBrokers'), 2);
    const proxy = await proxyTo(await emptyDatabase(inject('redisUrl'), 46));
    proxies.push(proxy);
    const env = {
      REDIS_URL: proxy.url,
      DATABASE_URL: await emptyPostgres(inject('postgresUrl'), 'bypass_e2e'),
      ...PATIENT,
    };
    const api = await started(startApi(env));
    const twin = await started(
      startApi({ REDIS_URL: await emptyDatabase(inject('redisUrl'), 47), ...PATIENT }),
    );
    const traffic: Transaction[] = [];
    for (const { transaction } of simulate({ seed: 8, cards: ROWS / 30, days: 40, fraud: 0.2 }))
      if (traffic.push(transaction) === ROWS) break;
    const [before, during, away, after] = [0, 1, 2, 3].map((i) =>
      traffic.slice(i * QUARTER, (i + 1) * QUARTER),
    );
    const all = async (one: ProductProcess, some: readonly Transaction[]): Promise<Decision[]> => {
      const found: Decision[] = [];
      for (let from = 0; from < some.length; from += 300) {
        const transactions = some.slice(from, from + 300);
        const answer = await post(`${one.url}/v1/decisions/batch`, { transactions });
        found.push(...((await answer.json()) as { decisions: Decision[] }).decisions);
      }
      return found;
    };
    const twins = [
      await all(twin, before!),
      await all(twin, during!),
      await all(twin, away!),
      await all(twin, after!),
    ];
    expect(twins.flat().every((d) => d.score !== undefined && d.degraded.length === 0)).toBe(true);

    const decided = await all(api, before!);
    await post(`${api.url}/v1/bypass`, DIANA);
    const waved = await all(api, during!);
    // More than may wait is left out, and an hour does not come in seconds.
    await until(async () => (await stateOf(api)).let_through.waiting_for_histories < 1000);
    proxy.cut();
    waved.push(...(await all(api, away!)));
    expect(new Set(waved.map((d) => `${d.decision} ${d.source}`))).toEqual(new Set(['approve bypass']));
    expect((await stateOf(api)).let_through).toMatchObject({ transactions: 2 * QUARTER });
    proxy.heal();
    await until(async () => (await stateOf(api)).let_through.waiting_for_histories === 0);
    await post(`${api.url}/v1/bypass/end`, { author: 'diana' });
    decided.push(...(await all(api, after!)));
    expect(decided.map((d) => [d.transaction_id, d.score, d.decision])).toEqual(
      [...twins[0]!, ...twins[3]!].map((d) => [d.transaction_id, d.score, d.decision]),
    );

    // A repeat gets what it got.
    expect(await decide(api, during![0])).toEqual(waved[0]);

    const run = await runCli(['bypass', 'report', '--json', '--publish'], { ...env, ...bench.env });
    expect(run.code).toBe(0);
    const found = JSON.parse(run.output.slice(0, run.output.lastIndexOf('}') + 1)) as {
      let_through: { count: number };
      would_be: Record<string, { count: number }>;
    };
    expect(found.let_through.count).toBe(2 * QUARTER);
    const messages = await bench.read(bench.bypassed);
    expect(undescribed('LetThrough', messages)).toEqual([]);
    const published = messages.map(({ value }) => JSON.parse(String(value))) as {
      transaction_id: string;
      would_be: Decision;
    }[];
    const should = new Map([...twins[1]!, ...twins[2]!].map((d) => [d.transaction_id, d]));
    expect(published).toHaveLength(2 * QUARTER);
    expect(published.map(({ would_be: w }) => [w.transaction_id, w.score, w.decision, w.reasons])).toEqual(
      published.map(({ transaction_id: id }) => {
        const { score, decision, reasons } = should.get(id)!;
        return [id, score, decision, reasons];
      }),
    );
    for (const [outcome, { count }] of Object.entries(found.would_be))
      expect([outcome, count]).toEqual([
        outcome,
        [...should.values()].filter((d) => d.decision === outcome).length,
      ]);
    expect(found.would_be['decline']!.count).toBeGreaterThan(10);

    const text = await runCli(['bypass', 'report'], env);
    expect(text.output).toMatch(/exposure: declined or reviewed\s+[\d,]+/);
    const repeated = await runCli(['reproduce', waved[0]!.decision_id, '--json'], env);
    expect(repeated.code).toBe(0);
    await bench.close();
  }, 900_000);

  it('is in the ledger, also what had been decided before, and goes with its card', async () => {
    const env = {
      REDIS_URL: await emptyDatabase(inject('redisUrl'), 48),
      DATABASE_URL: await emptyPostgres(inject('postgresUrl'), 'bypass_ledger'),
      ...PATIENT,
    };
    const api = await started(startApi(env));
    const scored = aTransaction({ card_id: 'card-known' });
    const other = { ...aTransaction({ card_id: 'card-other' }), amount: 100 };
    const first = await decide(api, scored);
    await decide(api, other);
    await post(`${api.url}/v1/bypass`, DIANA);
    const fresh = aTransaction({ card_id: 'card-known' });
    for (const one of [fresh, scored, { ...other, amount: 200 }, fresh]) await decide(api, one);
    await until(async () => (await ledgerOf(api)).length === 3);
    const ledger = await ledgerOf(api);
    expect(ledger.map((e) => [e.transaction.transaction_id, e.decided_before, e.decision.decision])).toEqual([
      [fresh.transaction_id, false, 'approve'],
      [scored.transaction_id, true, 'approve'],
      [other.transaction_id, true, 'approve'],
    ]);
    // What was decided first stays the record.
    const shown = (await (await fetch(`${api.url}/v1/decisions/${first.decision_id}`)).json()) as {
      decision: Decision;
    };
    expect(shown.decision).toEqual(first);
    const run = await runCli(['bypass', 'report', '--json'], env);
    expect(JSON.parse(run.output)).toMatchObject({
      let_through: { count: 3 },
      conflicts: { count: 1, amount: 200 },
      would_be: { [first.decision]: { count: expect.any(Number) as number } },
    });
    await post(`${api.url}/v1/bypass/end`, { author: 'diana' });
    const erased = await post(`${api.url}/v1/erasures`, { card_id: 'card-known', reason: 'asked for' });
    expect(erased.status).toBe(200);
    expect((await ledgerOf(api)).map((e) => e.transaction.card_id)).toEqual(['card-other']);
  });
});
