import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ENGINE_VERSION } from '@fraud/platform';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nodeFlagsOf } from '../../scripts/lib/node-flags.mjs';
import { freePort } from '../support/free-port.js';
import { runToEnd, startApi, type ProductProcess } from '../support/product-process.js';
import { aTransaction, post } from '../support/transactions.js';
import { until } from '../support/until.js';

type Line = Readonly<Record<string, unknown>>;

const repository = path.resolve(import.meta.dirname, '../..');
const running: ProductProcess[] = [];
const children: ChildProcess[] = [];
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'fraud-logs-'));
});
afterAll(() => rm(directory, { recursive: true }));
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function api(env: Record<string, string>): Promise<ProductProcess> {
  const one = await startApi(env);
  running.push(one);
  return one;
}

const linesOf = (output: string): Line[] =>
  output
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);

const decide = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/v1/decisions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('the log of a process that no terminal reads', () => {
  it('is one JSON object a line, from the start to the end', async () => {
    const one = await startApi();
    await one.stop();
    const lines = linesOf(one.output());
    expect(lines.find(({ context }) => context === 'Start')).toMatchObject({
      level: 'info',
      message: `fraud-detection ${ENGINE_VERSION} decides at ${one.url}`,
      feature_store: expect.stringContaining('embedded in memory') as string,
    });
    for (const line of lines) {
      expect(line).toMatchObject({
        level: expect.stringMatching(/^(info|warn)$/) as string,
        time: expect.stringMatching(/Z$/) as string,
        context: expect.any(String) as string,
        message: expect.any(String) as string,
      });
    }
  });

  it('says what runs at every level, and nothing else at the highest', async () => {
    const one = await api({ LOG_LEVEL: 'error' });
    await decide(one.url, { amount: -1 });
    expect(linesOf(one.output()).map(({ message }) => message)).toEqual([
      `fraud-detection ${ENGINE_VERSION} decides at ${one.url}`,
    ]);
  });

  it('says why it does not start in a last line of level fatal', async () => {
    const { code, output } = await runToEnd('api', { PORT: 'abc', LOG_FORMAT: 'json' });
    expect(code).toBe(1);
    expect(linesOf(output)).toEqual([
      expect.objectContaining({
        level: 'fatal',
        message: expect.stringContaining('PORT is "abc"') as string,
      }),
    ]);
  });

  it('has no line for an approval at any level, nor for any decision at the usual one', async () => {
    const [usual, debugging] = [await api({}), await api({ LOG_LEVEL: 'debug' })];
    for (const one of [usual, debugging]) {
      const before = one.output().length;
      const transactions = Array.from({ length: 50 }, () => aTransaction());
      for (const transaction of transactions) {
        const answer = await post(`${one.url}/v1/decisions`, transaction);
        expect(await answer.json()).toMatchObject({ decision: 'approve' });
      }
      expect(one.output().slice(before)).toBe('');
    }
    const before = usual.output().length;
    await decide(usual.url, { amount: -1 });
    expect(usual.output().slice(before)).toBe('');
  });

  it('names requests and decisions when it debugs, and never what a field held', async () => {
    const policy = path.join(directory, 'policy.yaml');
    const shipped = await readFile(path.join(repository, 'config/policy.yaml'), 'utf8');
    await writeFile(policy, shipped.replace(/^( +(?:step_up|review|decline): )0.*$/gm, '$10'));
    const one = await api({ LOG_LEVEL: 'debug', POLICY_FILE: policy });
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const transaction = aTransaction({ ip: '198.51.100.77', card_id: 'card-in-the-log' });
    const declined = await decide(one.url, transaction, { 'x-request-id': 'checkout-1', traceparent });
    const { decision, decision_id } = (await declined.json()) as Record<string, string>;
    expect(decision).toBe('decline');
    const refused = await decide(
      one.url,
      { ...transaction, card_id: '4111111111111111' },
      { 'x-request-id': 'checkout-2' },
    );
    expect([refused.status, refused.headers.get('x-request-id')]).toEqual([400, 'checkout-2']);
    const unnamed = await decide(one.url, {});
    const given = unnamed.headers.get('x-request-id')!;
    await until(() => one.output().includes(given));

    const lines = linesOf(one.output());
    const of = (id: string) => lines.filter(({ request_id }) => request_id === id);
    expect(of('checkout-1')).toEqual([
      expect.objectContaining({
        level: 'debug',
        status: 200,
        decision,
        decision_id,
        transaction_id: transaction.transaction_id,
        trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      }),
    ]);
    expect(of('checkout-2')).toEqual([
      expect.objectContaining({
        code: 'card_number_refused',
        errors: [expect.objectContaining({ field: 'card_id' })],
      }),
    ]);
    expect(of(given)).toHaveLength(1);
    expect(lines).toContainEqual(
      expect.objectContaining({ context: 'Scoring', decision_id, source: 'model' }),
    );
    expect(one.output()).not.toMatch(/4111111111111111|198\.51\.100\.77|card-in-the-log/);
  });

  it('that nobody reads delays neither answers nor the end', async () => {
    const port = await freePort();
    const child = spawn(
      process.execPath,
      [...nodeFlagsOf('api'), path.join(repository, 'dist/apps/api/src/main.js')],
      {
        env: {
          PATH: process.env['PATH'],
          PORT: String(port),
          RECORDS: 'off',
          DRAIN_MS: '0',
          LOG_LEVEL: 'debug',
        },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    children.push(child);
    const url = `http://127.0.0.1:${port}`;
    await until(
      () =>
        fetch(`${url}/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
      5,
    );
    // Far more than a pipe holds: 64 KiB.
    let written = 0;
    for (let i = 0; i < 700; i++) {
      const answer = await decide(url, { amount: -1 }, { 'x-request-id': `refused-${i}` });
      expect(answer.status).toBe(400);
      written += (await answer.text()).length;
    }
    expect(written).toBeGreaterThan(4 * 65_536);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
  });
});
