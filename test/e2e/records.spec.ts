import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Decision, Transaction } from '@fraud/contract';
import { FEATURE_NAMES } from '@fraud/features';
import type { DecisionRecord } from '@fraud/records';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { emptyPostgres } from '../support/postgres-database.js';
import { startApi, type ProductProcess } from '../support/product-process.js';
import { aTransaction, post } from '../support/transactions.js';
import { until } from '../support/until.js';

interface Page {
  readonly decisions: readonly DecisionRecord[];
  readonly next_cursor: string | null;
}

describe.each([
  { name: 'Postgres', embedded: false },
  { name: 'the embedded database', embedded: true },
])('decisions that are recorded in $name', ({ embedded }) => {
  let directory: string;
  let api: ProductProcess;
  let env: Record<string, string>;
  const sent: Transaction[] = [];
  const answers = new Map<string, string>();

  const decide = async (transaction: Transaction): Promise<Decision> => {
    const text = await (await post(`${api.url}/v1/decisions`, transaction)).text();
    const decision = JSON.parse(text) as Decision;
    answers.set(decision.decision_id, text);
    sent.push(transaction);
    return decision;
  };
  const get = (where: string): Promise<Response> => fetch(`${api.url}/v1/${where}`);
  const page = async (query: string): Promise<Page> =>
    (await (await get(`decisions?${query}`)).json()) as Page;
  const idsOf = ({ decisions }: Page): string[] => decisions.map(({ decision }) => decision.decision_id);

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'records-'));
    const database = embedded
      ? {}
      : { DATABASE_URL: await emptyPostgres(inject('postgresUrl'), 'records_e2e') };
    env = { DATA_DIR: directory, RECORDS: 'on', ...database };
    api = await startApi(env);
    await until(async () => {
      const { checks } = (await (await fetch(`${api.url}/ready`)).json()) as {
        checks: { records: { answers: boolean } };
      };
      return checks.records.answers;
    });
    for (let i = 0; i < 30; i++)
      await decide(aTransaction({ card_id: `card-${i % 3}`, amount: 1000 * (i + 1) }));
  });
  afterAll(async () => {
    await api.stop();
    await rm(directory, { recursive: true });
  });

  it('are shown whole, also right behind the answer', async () => {
    const transaction = aTransaction({
      card_id: 'card-shown',
      metadata: { note: 'é "quoted" \u0000 \ud800' },
    });
    const { decision_id } = await decide(transaction);
    const response = await get(`decisions/${decision_id}`);
    expect(response.status).toBe(200);
    const shown = (await response.json()) as DecisionRecord & { features: Record<string, number | null> };
    expect(JSON.stringify(shown.decision)).toBe(answers.get(decision_id));
    // What no database takes stands as U+FFFD.
    expect(shown.transaction).toEqual({ ...transaction, metadata: { note: 'é "quoted" \ufffd \ufffd' } });
    expect(shown).toMatchObject({ door: 'http', repeated: false, amount_reference: 4999, labels: [] });
    expect(Object.keys(shown.features)).toEqual([...FEATURE_NAMES]);
    expect(shown.features['amount']).toBeCloseTo(49.99, 4);
    expect((await get('decisions/00000000-0000-8000-8000-000000000000')).status).toBe(404);
    expect((await get('decisions/none')).status).toBe(404);
  });

  it('are paged, newest first or oldest first, each once, while others are recorded', async () => {
    const before = [...answers.keys()];
    await get(`decisions/${before.at(-1)!}`);
    for (const order of ['newest', 'oldest']) {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const read: Page = await page(`order=${order}&limit=7${cursor === null ? '' : `&cursor=${cursor}`}`);
        seen.push(...idsOf(read));
        cursor = read.next_cursor;
        await decide(aTransaction());
      } while (cursor !== null && seen.length < 200);
      expect(new Set(seen).size).toBe(seen.length);
      const expected = order === 'newest' ? before.toReversed() : before;
      expect(seen.filter((id) => before.includes(id))).toEqual(expected);
    }
  });

  it('are found by transaction, card, outcome, source and time', async () => {
    // What was answered last is shown, so all that was answered before is recorded.
    expect((await get(`decisions/${[...answers.keys()].at(-1)!}`)).status).toBe(200);
    const [first] = sent;
    const byTransaction = await page(`transaction_id=${first!.transaction_id}`);
    expect(byTransaction.decisions.map(({ transaction }) => transaction)).toEqual([first]);
    const byCard = await page('card_id=card-1&limit=500');
    expect(byCard.decisions).toHaveLength(10);
    expect(byCard.decisions.every(({ transaction }) => transaction.card_id === 'card-1')).toBe(true);
    const approved = await page('decision=approve&source=model&limit=500');
    const all = await page('limit=500');
    expect(idsOf(approved)).toEqual(
      all.decisions
        .filter(({ decision }) => decision.decision === 'approve')
        .map(({ decision }) => decision.decision_id),
    );
    const at = all.decisions[10]!.decision.decided_at;
    const later = await page(`from=${at}&limit=500`);
    const earlier = await page(`to=${at}&limit=500`);
    expect([...idsOf(later), ...idsOf(earlier)]).toEqual(idsOf(all));
  });

  it('are not looked for by what cannot be read: every parameter is named', async () => {
    const response = await get('decisions?decision=perhaps&limit=0&from=yesterday&colour=red');
    expect(response.status).toBe(400);
    const { code, errors } = (await response.json()) as { code: string; errors: { field: string }[] };
    expect(code).toBe('invalid_query');
    expect(errors.map(({ field }) => field).toSorted()).toEqual(['colour', 'decision', 'from', 'limit']);
    expect((await get('decisions?cursor=nonsense')).status).toBe(400);
  });

  it('are exported whole, as NDJSON and as Parquet', async () => {
    const lines = (await (await get('decisions/export?card_id=card-1')).text()).trimEnd().split('\n');
    const exported = lines.map((line) => JSON.parse(line) as DecisionRecord);
    expect(exported.map(({ decision }) => JSON.stringify(decision))).toEqual(
      exported.map(({ decision }) => answers.get(decision.decision_id)),
    );
    expect(exported).toHaveLength(10);
    const response = await get('decisions/export?format=parquet&card_id=card-1');
    expect(response.headers.get('content-type')).toBe('application/vnd.apache.parquet');
    const rows = await parquetReadObjects({ file: await response.arrayBuffer() });
    expect(rows.map(({ decision_json }) => decision_json as string)).toEqual(
      exported.map(({ decision }) => JSON.stringify(decision)),
    );
    expect(rows[0]).toMatchObject({ card_id: 'card-1', currency: 'EUR', decision: 'approve', door: 'http' });
    expect((await get('decisions/export?format=xml')).status).toBe(400);
  });

  it('have a history, and the artefacts of their versions', async () => {
    const { decision_id, versions } = JSON.parse([...answers.values()][29]!) as Decision;
    const history = (await (await get(`decisions/${decision_id}/history`)).json()) as Page;
    expect(idsOf(history)).toEqual([...answers.keys()].slice(0, 29).filter((_, i) => i % 3 === 2));
    const policy = (await (await get(`artefacts/policy/${versions.policy}`)).json()) as { content: string };
    expect(policy.content).toContain('fail_action');
    expect((await get('artefacts/policy/none')).status).toBe(404);
  });

  it('are backtested, also while the server has them open', async () => {
    const port = new URL(api.url).port;
    const run = await runCli(['backtest', '--json', '--warmup', '1s'], { ...env, PORT: port });
    expect(run.output).toContain('approve');
    expect(run.code).toBe(0);
  });
});

describe('records', () => {
  it('are for administrators', async () => {
    const api = await startApi({ ADMIN_TOKEN: 'a-secret-of-16-letters' });
    const where = `${api.url}/v1/decisions`;
    expect((await fetch(where)).status).toBe(401);
    const letIn = await fetch(where, { headers: { authorization: 'Bearer a-secret-of-16-letters' } });
    // They are switched off here.
    expect(letIn.status).toBe(503);
    expect(await letIn.json()).toMatchObject({ code: 'records_unavailable' });
    await api.stop();
  });
});
