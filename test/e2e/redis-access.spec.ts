import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Decision } from '@fraud/contract';
import { runToEnd, startApi } from '../support/product-process.js';
import { startSecured, type SecuredRedis } from '../support/secured-redis.js';
import { aTransaction, post } from '../support/transactions.js';
import { until } from '../support/until.js';

const PATIENT = { REDIS_TIMEOUT_MS: '1000', LATENCY_BUDGET_MS: '2000' };

describe.each(['single', 'sentinel', 'cluster'] as const)('a Redis with TLS and users: %s', (topology) => {
  let redis: SecuredRedis;

  beforeAll(async () => {
    redis = await startSecured(topology);
  });
  afterAll(() => redis.stop());

  it('serves who knows user, password and authority: a repeat gets the stored answer', async () => {
    const api = await startApi({ ...redis.env, ...PATIENT });
    await until(async () => {
      const decision = (await (await post(`${api.url}/v1/decisions`, aTransaction())).json()) as Decision;
      return decision.degraded.length === 0;
    });
    const transaction = aTransaction();
    const first = await (await post(`${api.url}/v1/decisions`, transaction)).text();
    const other = await startApi({ ...redis.env, ...PATIENT });
    await until(async () => {
      const again = await post(`${other.url}/v1/decisions`, transaction);
      return again.headers.get('idempotent-replayed') === 'true' && (await again.text()) === first;
    });
    expect((await api.stop()).code).toBe(0);
    expect((await other.stop()).code).toBe(0);
    expect(api.output() + other.output()).not.toContain('a secret');
  });

  it('refuses a wrong password: the API does not start, says so, and does not show the password', async () => {
    const { code, output } = await runToEnd('api', { ...redis.env, REDIS_PASSWORD: 'wrong secret' });
    expect(code).toBe(1);
    expect(output).toMatch(/REDIS_\w+ (?:names|leads to) a Redis that refuses: WRONGPASS/);
    expect(output).not.toContain('wrong secret');
  });

  it('is not trusted without its authority: the API answers degraded', async () => {
    const { REDIS_TLS_CA_FILE: _, ...env } = redis.env;
    const api = await startApi({ ...env, ...PATIENT });
    const decision = (await (await post(`${api.url}/v1/decisions`, aTransaction())).json()) as Decision;
    expect(decision.degraded).toEqual(['features_unavailable']);
    // Sentinels and clusters are reached through clients that keep the reason to themselves.
    if (topology === 'single') await until(() => /self-signed certificate/.test(api.output()));
    await api.stop();
  });
});

it('a file of authorities that cannot be read stops the start, with its name', async () => {
  const { code, output } = await runToEnd('api', {
    REDIS_URL: 'rediss://127.0.0.1:1',
    REDIS_TLS_CA_FILE: '/nowhere/ca.pem',
  });
  expect(code).toBe(1);
  expect(output).toContain('REDIS_TLS_CA_FILE is "/nowhere/ca.pem": it cannot be read');
});
