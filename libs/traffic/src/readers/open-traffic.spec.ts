import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseTransaction } from '@fraud/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabelledTransaction } from '../labelled-transaction.js';
import { simulate } from '../simulator/simulate.js';
import { writeNdjson } from '../writers/ndjson-writer.js';
import { openTraffic, type OpenTrafficOptions } from './open-traffic.js';

const HANDBOOK = `TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT
0,2018-04-01T00:00:31,596,3156,57.16
1,2018-04-01 00:02:10,4961,3412,81.5
2,2018-04-01T00:02:10,2,1365,146
`;
const LABELS = 'TRANSACTION_ID,TX_FRAUD,TX_FRAUD_SCENARIO\n2,1,3\n0,0,0\n';
const SPARKOV = `,trans_date_trans_time,cc_num,merchant,category,amt,first,is_fraud,trans_num,merch_lat,merch_long
0,2019-01-01 00:00:18,4111111111111111,"fraud_Rippin, Kub and Mann",misc_net,4.97,J,0,abc,36.01,-82.04
1,2019-01-01 00:00:44,4111111111111111,fraud_Heller,grocery_pos,107.23,J,1,def,49.15,-118.18
`;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'traffic-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

async function read(path: string, options?: OpenTrafficOptions): Promise<LabelledTransaction[]> {
  const source = await openTraffic(path, options);
  const rows: LabelledTransaction[] = [];
  for await (const row of source.rows) rows.push(row);
  expect(source.bytesRead()).toBe(source.totalBytes);
  return rows;
}

describe('openTraffic on a Handbook file', () => {
  it('reads a directory of gzip files and joins the labels by id, in any order', async () => {
    await file('transactions.csv.gz', gzipSync(HANDBOOK));
    await file('labels.csv.gz', gzipSync(LABELS));
    const rows = await read(directory, { labels: true });
    expect(rows.map((r) => r.label)).toEqual([
      { fraud: false, scenario: null },
      null,
      { fraud: true, scenario: 'compromised_customer' },
    ]);
    expect(rows[0]!.transaction).toEqual({
      transaction_id: 'handbook-0',
      occurred_at: '2018-04-01T00:00:31Z',
      amount: 5716,
      currency: 'EUR',
      card_id: 'handbook-card-596',
      customer_id: 'handbook-customer-596',
      merchant_id: 'handbook-merchant-3156',
      terminal_id: 'handbook-terminal-3156',
    });
    expect(rows.map((r) => r.transaction.amount)).toEqual([5716, 8150, 14_600]);
  });

  it('reads a plain file under any name, with Windows line ends and a byte order mark', async () => {
    const path = await file('whatever.txt', `\ufeff${HANDBOOK.replaceAll('\n', '\r\n')}`);
    const rows = await read(path);
    expect(rows).toHaveLength(3);
    expect(rows.every((r) => r.label === null && parseTransaction(r.transaction).ok)).toBe(true);
  });

  it('takes labels from another place', async () => {
    const labels = await file('truth.csv', LABELS);
    const rows = await read(await file('plain.csv', HANDBOOK), { labels });
    expect(rows.filter((r) => r.label?.fraud)).toHaveLength(1);
  });

  it.each([
    ['1,2018-04-01T00:00:31,1,2', /broken\.csv, line 5: 4 columns instead of 5/],
    ['3,2018-04-01,1,2,3.00', /line 5: TX_DATETIME/],
    ['3,2018-04-01T00:00:31,1,2,3.001', /line 5: TX_AMOUNT/],
    ['3,2018-04-01T00:00:31,x,2,3.00', /line 5: .*CUSTOMER_ID/],
  ])('names the line of %s', async (line, message) => {
    await expect(read(await file('broken.csv', `${HANDBOOK}${line}\n`))).rejects.toThrow(message);
  });

  it('says so when the file breaks off', async () => {
    const path = await file('cut.csv.gz', gzipSync(HANDBOOK.repeat(50)).subarray(0, 60));
    await expect(read(path)).rejects.toThrow(/cut\.csv\.gz: cannot be read/);
  });
});

describe('openTraffic on a Sparkov file', () => {
  it('lets no card number out', async () => {
    const rows = await read(await file('sparkov.csv.gz', gzipSync(SPARKOV)), { labels: true });
    expect(JSON.stringify(rows)).not.toContain('4111111111111111');
    expect(rows.every((r) => parseTransaction(r.transaction).ok)).toBe(true);
    expect(rows[0]!.transaction.card_id).toBe(rows[1]!.transaction.card_id);
  });

  it('reads quoted merchants, categories, channel, coordinates and labels', async () => {
    const rows = await read(await file('sparkov.csv', SPARKOV), { labels: true });
    expect(rows[0]!.transaction).toMatchObject({
      transaction_id: 'sparkov-abc',
      occurred_at: '2019-01-01T00:00:18Z',
      amount: 497,
      currency: 'USD',
      merchant_id: 'merchant-rippin-kub-and-mann',
      channel: 'ecommerce',
      latitude: 36.01,
      longitude: -82.04,
    });
    expect(rows.map((r) => r.label?.fraud)).toEqual([false, true]);
  });

  it('names the line of a broken row', async () => {
    const path = await file('sparkov-broken.csv', SPARKOV.replace('107.23', 'much'));
    await expect(read(path)).rejects.toThrow(/line 3: amt/);
  });
});

describe('openTraffic on NDJSON', () => {
  it('reads back what writeNdjson wrote, plain and gzip', async () => {
    const rows = [...simulate({ cards: 30, days: 5, fraud: 0.05 })];
    for (const name of ['traffic.ndjson', 'traffic.ndjson.gz']) {
      const path = join(directory, name);
      expect(await writeNdjson(path, rows)).toBe(rows.length);
      expect(await read(path, { labels: true })).toEqual(rows);
    }
  });

  it('keeps labels back unless they are asked for', async () => {
    const path = join(directory, 'hidden.ndjson');
    await writeNdjson(path, simulate({ cards: 20, days: 3 }));
    expect((await read(path)).every((r) => r.label === null)).toBe(true);
  });

  it('reads bare transactions and skips empty lines', async () => {
    const rows = await read(await file('bare.ndjson', '{"transaction_id":"a"}\n\n{"transaction_id":"b"}'), {
      labels: true,
    });
    expect(rows).toEqual([
      { transaction: { transaction_id: 'a' }, label: null },
      { transaction: { transaction_id: 'b' }, label: null },
    ]);
  });

  it.each([
    ['{"transaction_id":', /line 2: not JSON$/],
    ['[]', /line 2: not a JSON object/],
    ['{"transaction":1}', /line 2: transaction/],
    ['{"transaction":{},"label":{"fraud":1}}', /line 2: label/],
  ])('names the line of %s', async (line, message) => {
    await expect(read(await file('broken.ndjson', `{"a":1}\n${line}\n`))).rejects.toThrow(message);
  });
});

describe('openTraffic on a damaged line with a card number', () => {
  const CARD = '4111111111111111';
  it.each([
    ['NDJSON', `{"a":1}\n{"card_id":${CARD}x}\n`, /line 2: not JSON$/],
    ['Sparkov', SPARKOV.replace(`44,${CARD}`, `44,${CARD}"`), /line 3: not CSV \(invalid opening quote\)$/],
    ['Sparkov', SPARKOV.replace('fraud_Heller', `"a"${CARD}`), /line 3: not CSV \(invalid closing quote\)$/],
    ['Sparkov', SPARKOV.replace('fraud_Heller', `a,${CARD}`), /line 3: not CSV \(record .*\)$/],
  ])('names the line of %s and quotes nothing of it', async (_, content, message) => {
    const failure = await read(await file('damaged', content)).catch((error: unknown) => error);
    expect(String(failure)).toMatch(message);
    expect(String(failure)).not.toContain('4111');
  });
});

describe('openTraffic on anything else', () => {
  it.each(['hello\n', '', 'a,b,c\n1,2,3\n'])('says what is accepted instead of %j', async (content) => {
    await expect(openTraffic(await file('unknown.csv', content))).rejects.toThrow(
      /Handbook[^]*Sparkov[^]*NDJSON/,
    );
  });

  it('says that there is no such file', async () => {
    await expect(openTraffic(join(directory, 'missing.csv'))).rejects.toThrow(
      /missing\.csv: there is no such file/,
    );
  });

  it('takes a labels file for the Handbook only', async () => {
    const path = await file('own.ndjson', '{"transaction_id":"a"}\n');
    await expect(openTraffic(path, { labels: 'labels.csv' })).rejects.toThrow(/labels inside/);
  });
});
