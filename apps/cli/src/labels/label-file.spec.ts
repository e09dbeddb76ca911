import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Label } from '@fraud/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiAnswer } from '../http/api-client.js';
import { checkLabelFile, sendLabelFile } from './label-file.js';
import { sendLabels } from './send-labels.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'label-file-'));
});
afterAll(() => rm(directory, { recursive: true }));

const DEFAULTS = { source: 'review', labelled_at: '2026-02-11T09:00:00Z' };

async function file(content: string | Buffer): Promise<string> {
  const path = join(directory, 'labels');
  await writeFile(path, content);
  return path;
}

/** A server that answers in turn, and then takes everything. */
function server(...answers: ApiAnswer[]) {
  const batches: Label[][] = [];
  const taken: ApiAnswer = { kind: 'answered', body: {}, header: () => undefined };
  return {
    batches,
    post: (_: string, content: unknown): Promise<ApiAnswer> => {
      const answer = answers.shift() ?? taken;
      if (answer === taken) batches.push((content as { labels: Label[] }).labels);
      return Promise.resolve(answer);
    },
  };
}

const CSV = `transaction_id,label,source,labelled_at
tx-1,fraud,chargeback,2026-02-10T00:00:00+01:00
tx-2,legitimate,,
`;
const LABELS = [
  { transaction_id: 'tx-1', label: 'fraud', source: 'chargeback', labelled_at: '2026-02-10T00:00:00+01:00' },
  { transaction_id: 'tx-2', label: 'legitimate', ...DEFAULTS },
];

describe('a file of labels', () => {
  it.each([
    ['CSV', CSV],
    [
      'CSV with other columns, in another order',
      'label,case,transaction_id,source,labelled_at\r\nfraud,7,tx-1,chargeback,2026-02-10T00:00:00+01:00\r\nlegitimate,8,tx-2,,\r\n',
    ],
    ['JSON lines', LABELS.map((label) => JSON.stringify(label)).join('\n')],
    ['gzip', gzipSync(CSV)],
    ['CSV with a byte order mark', `\ufeff${CSV}`],
  ])('is read as %s, with what lines leave out from the options', async (_, content) => {
    const path = await file(content);
    await checkLabelFile(path, DEFAULTS, Infinity);
    const to = server();
    expect(await sendLabelFile(path, DEFAULTS, to)).toEqual({ fraud: 1, legitimate: 1 });
    expect(to.batches[0]?.map(({ transaction_id }) => transaction_id)).toEqual(['tx-1', 'tx-2']);
    expect(to.batches[0]).toMatchObject(LABELS);
  });

  it('goes in batches of a thousand', async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => `tx-${i},fraud`).join('\n');
    const path = await file(`transaction_id,label\n${rows}\n`);
    const to = server();
    expect(await sendLabelFile(path, DEFAULTS, to)).toEqual({ fraud: 2500, legitimate: 0 });
    expect(to.batches.map((batch) => batch.length)).toEqual([1000, 1000, 500]);
    expect(to.batches.flat().map((label) => label.transaction_id)).toEqual(
      Array.from({ length: 2500 }, (_, i) => `tx-${i}`),
    );
  });

  it('is checked as a whole before anything is sent: every line and field that is wrong, without values', async () => {
    const path = await file(
      `${CSV}tx-3,fraud,rumour,2026-02-10\ntx 4,fraud,review,2026-02-10T00:00:00Z\ntx-5,fraud,review,2036-02-10T00:00:00Z\n`,
    );
    const checked = checkLabelFile(path, DEFAULTS, Date.parse('2026-03-01T00:00:00Z'));
    await expect(checked).rejects.toThrow(
      /nothing was sent, 3 of 5 labels are not valid\n +line 4: source must.*; labelled_at must.*\n +line 5: transaction_id must.*\n +line 6: labelled_at lies/,
    );
    await expect(checked).rejects.not.toThrow('rumour');
  });

  it('is refused where it is something else', async () => {
    const check = async (content: string): Promise<void> =>
      checkLabelFile(await file(content), DEFAULTS, Infinity);
    await expect(check('')).rejects.toThrow('is empty');
    await expect(check('transaction_id,label\n')).rejects.toThrow('holds no label');
    await expect(check('id,truth\n1,fraud\n')).rejects.toThrow('(no transaction_id, label)');
    await expect(check(`${JSON.stringify(LABELS[0])}\n{"transaction_id":`)).rejects.toThrow(
      'line 2: not JSON',
    );
    await expect(check('transaction_id,label\n"tx-1,fraud\n')).rejects.toThrow('not CSV');
  });
});

describe('a batch of labels', () => {
  const batch = LABELS.map((label, i) => ({ line: i + 7, label: label as Label }));
  const unavailable: ApiAnswer = {
    kind: 'failed',
    code: 'records_unavailable',
    problem: null,
    retryAfterS: 3,
  };

  it('is sent again while the records take nothing, and given up in the end', async () => {
    const to = server(unavailable, unavailable);
    await sendLabels(to, batch, 0, 0);
    expect(to.batches).toHaveLength(1);
    const never = { post: () => Promise.resolve(unavailable) };
    await expect(sendLabels(never, batch, 3000, 0)).rejects.toThrow(
      /lines 7 to 8: records_unavailable\nIt has taken 3000 labels before/,
    );
  });

  it('names the line of what the server refuses', async () => {
    const errors = [{ field: 'labels[1].source', code: 'choice', message: 'must be another' }];
    const problem = { type: '', title: 'Not valid', status: 400, code: 'invalid_labels' as const, errors };
    const to = server({ kind: 'failed', code: 'invalid_labels', problem });
    await expect(sendLabels(to, batch, 0, 0)).rejects.toThrow('line 8: source must be another');
  });
});
