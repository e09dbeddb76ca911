import { randomUUID } from 'node:crypto';
import { createConnection } from 'node:net';
import { text as readAll } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { problem, type Decision, type Problem } from '@fraud/contract';
import { startApi, type ProductProcess } from '../support/product-process.js';
import { aTransaction, post, sample } from '../support/transactions.js';

const CARD_NUMBER = '4111111111111111';

const environments: Record<string, () => Record<string, string>> = {
  embedded: () => ({}),
  redis: () => ({ REDIS_URL: inject('redisUrl'), REDIS_TIMEOUT_MS: '1000', LATENCY_BUDGET_MS: '2000' }),
};

describe.each(['embedded', 'redis'])('the API on its %s store', (kind) => {
  let api: ProductProcess;
  beforeAll(async () => {
    api = await startApi(environments[kind]!());
  });
  afterAll(() => api.stop());

  const decide = (body: unknown): Promise<Response> => post(`${api.url}/v1/decisions`, body);
  const decideBatch = (body: unknown): Promise<Response> => post(`${api.url}/v1/decisions/batch`, body);

  it('answers a transaction with a decision, its score, source, reasons, versions and timings', async () => {
    const transaction = aTransaction();
    const response = await decide(transaction);
    expect(response.status).toBe(200);
    const decision = (await response.json()) as Decision;
    expect(decision).toMatchObject({
      transaction_id: transaction.transaction_id,
      source: 'model',
      degraded: [],
      versions: { model: expect.stringMatching(/./), model_sha256: expect.stringMatching(/^[0-9a-f]{12}$/) },
    });
    expect(['approve', 'step_up', 'review', 'decline']).toContain(decision.decision);
    expect(decision.score).toBeGreaterThanOrEqual(0);
    expect(decision.score).toBeLessThanOrEqual(1);
    expect(decision.decision_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(Object.keys(decision.timings_us)).toEqual([
      'queue',
      'state',
      'features',
      'model',
      'policy',
      'total',
    ]);
  });

  it('answers a repeat with the same bytes, marked, and a changed repeat with 409', async () => {
    const transaction = aTransaction();
    const first = await decide(transaction);
    const again = await decide(transaction);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(await again.text()).toBe(await first.text());
    const changed = await decide({ ...transaction, amount: 1 });
    expect(changed.status).toBe(409);
    expect(await changed.json()).toMatchObject({ code: 'transaction_conflict' });
  });

  it('decides a hundred concurrent duplicates once', async () => {
    const transaction = aTransaction();
    const responses = await Promise.all(Array.from({ length: 100 }, () => decide(transaction)));
    const bodies = await Promise.all(responses.map((r) => r.text()));
    expect(new Set(bodies).size).toBe(1);
  });

  it('sees the history of a card', async () => {
    const card_id = `card-${randomUUID()}`;
    const testing = Array.from({ length: 12 }, (_, i) =>
      aTransaction({
        card_id,
        amount: 150,
        occurred_at: `2026-01-05T03:${String(i).padStart(2, '0')}:00Z`,
        device_id: `device-${i}`,
      }),
    );
    const scores: number[] = [];
    for (const t of testing) scores.push(((await (await decide(t)).json()) as Decision).score ?? NaN);
    expect(new Set(scores).size).toBeGreaterThan(1);
    expect(Math.max(...scores)).toBeGreaterThan(scores[0]!);
  });

  it('answers a batch in its order, and a repeat within it like the first', async () => {
    const transactions = Array.from({ length: 500 }, () => aTransaction());
    transactions[499] = transactions[3]!;
    const response = await decideBatch({ transactions });
    expect(response.status).toBe(200);
    const { decisions } = (await response.json()) as { decisions: Decision[] };
    expect(decisions.map((d) => d.transaction_id)).toEqual(transactions.map((t) => t.transaction_id));
    expect(decisions[499]).toEqual(decisions[3]);
  });

  it('refuses a batch with one wrong transaction, names the field, and stores nothing of it', async () => {
    const good = aTransaction();
    const response = await decideBatch({ transactions: [good, aTransaction({ amount: -1 })] });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 'invalid_batch',
      errors: [{ field: 'transactions[1].amount', code: 'range' }],
    });
    // Had it been stored, this would be a conflict.
    expect((await decide({ ...good, amount: 1 })).status).toBe(200);
  });

  it.each([[[]], [Array.from({ length: 501 }, () => aTransaction())], ['none']])(
    'refuses a batch of the wrong size or kind',
    async (transactions) => {
      const response = await decideBatch({ transactions });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        code: 'invalid_batch',
        errors: [{ field: 'transactions' }],
      });
    },
  );

  it('takes a budget from its caller, and refuses what is none before anything is decided', async () => {
    const withBudget = (path: string, body: unknown, budget: string): Promise<Response> =>
      fetch(`${api.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-latency-budget-ms': budget },
        body: JSON.stringify(body),
      });
    const transaction = aTransaction();
    for (const budget of ['0', '-1', '1.5', 'soon', '0x10'])
      for (const [path, body] of [
        ['/v1/decisions', transaction],
        ['/v1/decisions/batch', { transactions: [transaction] }],
      ] as const) {
        const refused = await withBudget(path, body, budget);
        expect(refused.status).toBe(400);
        expect(await refused.json()).toMatchObject({
          code: 'invalid_budget',
          errors: [{ field: 'x-latency-budget-ms', code: 'format' }],
        });
      }
    const taken = await withBudget('/v1/decisions', transaction, '1500');
    expect(taken.status).toBe(200);
    // Nothing of it had been decided.
    expect(taken.headers.get('idempotent-replayed')).toBeNull();
  });

  it('names every wrong field, as problem+json', async () => {
    const response = await decide({
      ...aTransaction(),
      amount: 'ten',
      currency: 'euro',
      occurred_at: 'today',
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const answer = (await response.json()) as Problem;
    expect(answer.code).toBe('invalid_transaction');
    expect(answer.errors?.map((e) => e.field).toSorted()).toEqual(['amount', 'currency', 'occurred_at']);
  });

  it('refuses a card number with its own code, and shows it neither in the answer nor in the log', async () => {
    const direct = await decide(aTransaction({ card_id: CARD_NUMBER }));
    const inBatch = await decideBatch({ transactions: [aTransaction({ card_id: CARD_NUMBER })] });
    const broken = await decide(`{"card_id": "${CARD_NUMBER}", `);
    expect([direct.status, inBatch.status, broken.status]).toEqual([400, 400, 400]);
    const texts = await Promise.all([direct, inBatch, broken].map((r) => r.text()));
    expect(texts.map((t) => (JSON.parse(t) as Problem).code)).toEqual([
      'card_number_refused',
      'card_number_refused',
      'malformed_json',
    ]);
    expect(texts.join('\n')).not.toContain('4111');
    expect(api.output()).not.toContain('4111');
  });

  it.each([
    ['malformed JSON', '{', 'application/json', 400, 'malformed_json'],
    ['an empty body', '', 'application/json', 400, 'malformed_json'],
    ['a poisoned prototype', '{"__proto__": {"a": 1}}', 'application/json', 400, 'malformed_json'],
    ['a form', 'amount=1', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
    ['plain text', 'hello', 'text/plain', 415, 'unsupported_media_type'],
    ['a number', '42', 'application/json', 400, 'invalid_transaction'],
    ['too much', `{"a": "${'x'.repeat(2_000_000)}"}`, 'application/json', 413, 'payload_too_large'],
  ])('answers %s with a problem and never with a stack', async (_, body, type, status, code) => {
    const response = await post(`${api.url}/v1/decisions`, body, type);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code, status });
    expect(text).not.toMatch(/ at .*\.js/);
  });

  it('answers what is not HTTP, or no address, with a problem that repeats nothing', async () => {
    const bad = await fetch(`${api.url}/%zz${CARD_NUMBER}`);
    expect(bad.status).toBe(400);
    expect(await bad.text()).toBe(JSON.stringify(problem('bad_request')));
    const garbage = await raw(api.url, `GARBAGE ${CARD_NUMBER}\r\n\r\n`);
    expect(garbage).toContain(JSON.stringify(problem('bad_request')));
    expect(garbage).not.toContain(CARD_NUMBER);
  });

  it('refuses a compressed body', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const response = await fetch(`${api.url}/v1/decisions`, { method: 'POST', headers, body: 'x' });
    expect(response.status).toBe(415);
  });

  it('refuses a transaction of tomorrow', async () => {
    const occurred_at = new Date(Date.now() + 86_400_000).toISOString();
    const response = await decide(aTransaction({ occurred_at }));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ field: 'occurred_at', code: 'range' }] });
  });

  it.each(['/nothing', '/v1/decision', '/v1/decisions/batch/more'])(
    'answers GET %s with 404',
    async (path) => {
      const response = await fetch(api.url + path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: 'not_found' });
    },
  );

  it('shows health exactly as the runbook does', async () => {
    const response = await fetch(`${api.url}/health`);
    expect(response.status).toBe(200);
    const health = (await response.json()) as Record<string, unknown>;
    expect(Object.keys(health)).toEqual(['status', 'timestamp', 'uptime_seconds', 'version']);
    expect(health['status']).toBe('healthy');
    expect(health['timestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Number.isInteger(health['uptime_seconds'])).toBe(true);
  });

  it('is ready, and says with what', async () => {
    const response = await fetch(`${api.url}/ready`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: 'ready',
      degraded: [],
      checks: { model: { status: 'up' }, feature_store: { kind: kind === 'redis' ? 'redis' : 'memory' } },
    });
  });

  it('counts decisions, errors, latencies and scores', async () => {
    const metrics = async (): Promise<string> => (await fetch(`${api.url}/metrics`)).text();
    const before = await metrics();
    await decide(aTransaction());
    await decide({});
    const after = await metrics();
    const grown = (name: string): number => (sample(after, name) ?? 0) - (sample(before, name) ?? 0);
    expect(grown('fraud_request_latency_seconds_count{route="/v1/decisions"}')).toBe(2);
    expect(grown('fraud_errors_total{code="invalid_transaction"}')).toBe(1);
    expect(grown('fraud_score_count')).toBe(1);
    expect(grown('fraud_stage_latency_seconds_count{stage="model"}')).toBe(1);
    expect(after).toMatch(/fraud_request_latency_seconds_bucket\{le="0.02",route="\/v1\/decisions"\}/);
    expect(after).toMatch(/fraud_decisions_total\{decision="approve",source="model"\} [1-9]/);
    expect(after).toMatch(
      /fraud_model_info\{role="active",version="[^"]+",sha256="[0-9a-f]{12}",features="[0-9a-f]{12}"\} 1/,
    );
    expect(sample(after, 'fraud_redis_up')).toBe(kind === 'redis' ? 1 : undefined);
  });

  it('says and counts that a history has more transactions than features look at', async () => {
    const device_id = `device-${kind}`;
    const transactions = Array.from({ length: 66 }, () => aTransaction({ device_id }));
    const answer = await decideBatch({ transactions });
    const { decisions } = (await answer.json()) as { decisions: Decision[] };
    expect(decisions[64]?.saturated).toBeUndefined();
    expect(decisions[65]).toMatchObject({ saturated: ['device'], degraded: [] });
    const repeat = await decide(transactions[65]);
    expect(await repeat.json()).toEqual(decisions[65]);
    const metrics = await (await fetch(`${api.url}/metrics`)).text();
    expect(sample(metrics, 'fraud_history_saturated_total{entity="device"}')).toBe(1);
    expect(sample(metrics, 'fraud_history_saturated_total{entity="card"}')).toBe(0);
  });

  it('documents itself: a page at /docs and the contract at /docs-json', async () => {
    const page = await fetch(`${api.url}/docs`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('swagger-ui');
    const document = (await (await fetch(`${api.url}/docs-json`)).json()) as {
      paths: Record<string, unknown>;
      components: { schemas: Record<string, { required?: string[] }> };
    };
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/v1/decisions', '/v1/decisions/batch', '/health', '/ready']),
    );
    expect(document.components.schemas['Transaction']?.required).toEqual([
      'transaction_id',
      'occurred_at',
      'amount',
      'currency',
      'card_id',
      'merchant_id',
    ]);
    expect(danglingReferences(document)).toEqual([]);
  });
});

/** Sends bytes as they are and reads until the server closes. */
async function raw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = createConnection(Number(port), hostname);
  socket.write(bytes);
  return readAll(socket);
}

function danglingReferences(document: object): string[] {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((m) => m[1]!);
  return references.filter((reference) => {
    const target = reference
      .split('/')
      .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
    return target === undefined;
  });
}
