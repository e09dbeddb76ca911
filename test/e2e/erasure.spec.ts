import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Decision, Transaction } from '@fraud/contract';
import { openRedis } from '@fraud/platform';
import type { DecisionRecord, Erasure } from '@fraud/records';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { proxyTo } from '../support/fault-proxy.js';
import { emptyPostgres } from '../support/postgres-database.js';
import { startApi, type ProductProcess } from '../support/product-process.js';
import { emptyDatabase } from '../support/redis-database.js';
import { aTransaction, post } from '../support/transactions.js';
import { until } from '../support/until.js';

const GONE = 'card-to-be-forgotten';

/** What is asked of a server here. */
function askerOf(url: string) {
  const get = (where: string): Promise<Response> => fetch(`${url}/v1/${where}`);
  return {
    get,
    decide: async (card_id: string): Promise<{ decision: Decision; transaction: Transaction }> => {
      const transaction = aTransaction({ card_id, device_id: 'a-device', merchant_id: 'a-merchant' });
      const response = await post(`${url}/v1/decisions`, transaction);
      return { transaction, decision: (await response.json()) as Decision };
    },
    erase: (body: object): Promise<Response> => post(`${url}/v1/erasures`, body),
    /** Recorded decisions of a card; null where the records cannot be asked. */
    countOf: async (card: string): Promise<number | null> => {
      const response = await get(`decisions?card_id=${card}&limit=500`);
      if (response.status !== 200) return null;
      return ((await response.json()) as { decisions: DecisionRecord[] }).decisions.length;
    },
  };
}

describe.each([
  { name: 'Postgres and Redis', embedded: false },
  { name: 'the embedded database and store', embedded: true },
])('erasure with $name', ({ embedded }) => {
  let directory: string;
  let api: ProductProcess;
  let ask: ReturnType<typeof askerOf>;

  /** What is on the disk, but for the database's own files. */
  const spooled = async (): Promise<string> => {
    const files = await readdir(path.join(directory, 'spool'), { recursive: true, withFileTypes: true });
    const texts = files
      .filter((file) => file.isFile())
      .map((file) => readFile(path.join(file.parentPath, file.name), 'latin1').catch(() => ''));
    return (await Promise.all(texts)).join('');
  };

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'erasure-'));
    const env: Record<string, string> = { DATA_DIR: directory, RECORDS: 'on' };
    if (!embedded) {
      env['REDIS_URL'] = await emptyDatabase(inject('redisUrl'), 22);
      env['DATABASE_URL'] = await emptyPostgres(inject('postgresUrl'), 'erasure_e2e');
      // A pause of this machine is not what is tested.
      env['REDIS_TIMEOUT_MS'] = '1000';
    }
    api = await startApi(env);
    ask = askerOf(api.url);
    await until(async () => (await ask.countOf(GONE)) === 0);
  });
  afterAll(async () => {
    await api.stop();
    await rm(directory, { recursive: true });
  });

  it('takes a card out of records, labels, histories, stored decisions and the spool, and of no other card anything', async () => {
    const gone = [];
    const kept = [];
    for (let i = 0; i < 12; i++) {
      gone.push(await ask.decide(GONE));
      kept.push(await ask.decide('card-that-stays'));
    }
    const label = {
      transaction_id: gone[0]!.decision.transaction_id,
      label: 'fraud',
      source: 'chargeback',
      labelled_at: new Date().toISOString(),
    };
    expect((await post(`${api.url}/v1/labels`, label)).status).toBe(202);
    await until(async () => {
      const read = await ask.get(`labels?transaction_id=${label.transaction_id}`);
      return ((await read.json()) as { labels: unknown[] }).labels.length === 1;
    });
    expect(await spooled()).toContain(GONE);

    const response = await ask.erase({ card_id: GONE, reason: 'request 7' });
    expect(response.status).toBe(200);
    const erasure = (await response.json()) as Erasure;
    expect(erasure).toMatchObject({
      asked_by: 'administrator',
      reason: 'request 7',
      decisions: 12,
      labels: 1,
    });
    expect(await ask.countOf(GONE)).toBe(0);
    expect(await ask.countOf('card-that-stays')).toBe(12);
    for (const { decision } of gone)
      expect((await ask.get(`decisions/${decision.decision_id}`)).status).toBe(404);
    const labels = await (await ask.get(`labels?transaction_id=${label.transaction_id}`)).json();
    expect(labels).toEqual({ labels: [] });
    await until(async () => !(await spooled()).includes(GONE));

    // Not its log, and not its answers: what came before comes as a new transaction of a new card.
    const again = await post(`${api.url}/v1/decisions`, gone[3]!.transaction);
    expect(again.headers.get('idempotent-replayed')).toBeNull();
    const { decision_id } = (await again.json()) as Decision;
    const shown = (await (await ask.get(`decisions/${decision_id}`)).json()) as {
      features: Record<string, number>;
    };
    expect(shown.features['card_count_24h']).toBe(1);
    const repeated = await post(`${api.url}/v1/decisions`, kept[3]!.transaction);
    expect(repeated.headers.get('idempotent-replayed')).toBe('true');

    const list = await ask.get('erasures');
    expect(await list.json()).toEqual({ erasures: [erasure] });
    expect(JSON.stringify(erasure)).not.toContain(GONE);
  });

  it('is refused for what is wrong, and nothing is erased then', async () => {
    await ask.decide(GONE);
    for (const [body, fields] of [
      [{}, ['card_id', 'reason']],
      [{ card_id: GONE }, ['reason']],
      [{ card_id: GONE, reason: ' ' }, ['reason']],
      [{ card_id: GONE, reason: `they asked for ${GONE}` }, ['reason']],
      [{ card_id: '4111 1111 1111 1111', reason: 'asked' }, ['card_id']],
      [{ card_id: `${GONE} `, reason: 'asked' }, ['card_id']],
      [{ card_id: 7, reason: 'asked', all: true }, ['all', 'card_id']],
    ] as const) {
      const response = await ask.erase(body);
      expect(response.status).toBe(400);
      const { code, errors } = (await response.json()) as { code: string; errors: { field: string }[] };
      expect(code).toBe('invalid_erasure');
      expect(errors.map(({ field }) => field).toSorted()).toEqual(fields);
    }
    const { decision } = await ask.decide(GONE);
    await ask.get(`decisions/${decision.decision_id}`);
    expect(await ask.countOf(GONE)).toBeGreaterThanOrEqual(2);
  });

  it('is asked for on the command line', async () => {
    const { decision } = await ask.decide('card-of-the-command');
    const cli = (...args: string[]) => runCli(['records', ...args, '--url', api.url]);
    const erased = await cli('erase', 'card-of-the-command', '--reason', 'request 8');
    expect(erased.output).toMatch(/1 decisions, 0 labels {2}by administrator: request 8/);
    expect(erased.code).toBe(0);
    expect((await ask.get(`decisions/${decision.decision_id}`)).status).toBe(404);
    expect((await cli('erasures')).output).toContain('request 8');
    const wrong = await cli('erase', 'card-of-the-command', '--reason', '');
    expect(wrong).toMatchObject({
      code: 1,
      output: expect.stringMatching(/invalid_erasure.*\n {2}reason must be/),
    });
  });
});

describe('erasure', () => {
  it('says so where the store cannot be told, and is whole when it is asked again', async () => {
    const redisUrl = await emptyDatabase(inject('redisUrl'), 23);
    const proxy = await proxyTo(redisUrl);
    const DATABASE_URL = await emptyPostgres(inject('postgresUrl'), 'erasure_in_two');
    const api = await startApi({ REDIS_URL: proxy.url, DATABASE_URL });
    const { decide, erase, countOf } = askerOf(api.url);
    await until(async () => (await countOf(GONE)) === 0);
    const { transaction } = await decide(GONE);
    await until(async () => (await countOf(GONE)) === 1);
    proxy.cut();
    const request = { card_id: GONE, reason: 'request 9' };
    const response = await erase(request);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).not.toBeNull();
    expect(await response.json()).toMatchObject({ code: 'erasure_incomplete' });
    // The records know what is left to do.
    expect(await countOf(GONE)).toBe(1);
    proxy.heal();
    await until(async () => (await erase(request)).status === 200);
    expect(await countOf(GONE)).toBe(0);
    const redis = openRedis(redisUrl);
    await redis.connect();
    const keys = await redis.keys('*');
    const ofIt = (key: string): boolean => key.includes(GONE) || key.includes(transaction.transaction_id);
    expect(keys.filter(ofIt)).toEqual([]);
    redis.disconnect();
    await api.stop();
    await proxy.close();
  });
});
