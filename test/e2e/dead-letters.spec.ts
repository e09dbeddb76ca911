import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { undescribed } from '../support/asyncapi.js';
import { runCli } from '../support/cli.js';
import { KafkaBench, type ReadMessage } from '../support/kafka.js';
import { startConsumer, type ProductProcess } from '../support/product-process.js';
import { emptyDatabase } from '../support/redis-database.js';
import { aTransaction } from '../support/transactions.js';
import { until } from '../support/until.js';

const MB = 2 ** 20;
const TEST_CARD = '4111111111111111';

/** An object of two million levels, and one of a list in a list. */
const abyss = (open: string, close: string): string => open.repeat(2_000_000) + close.repeat(2_000_000);
const withField = (field: string, value: string): string =>
  JSON.stringify(aTransaction()).replace(/\}$/, `,${JSON.stringify(field)}:${value}}`);

/** What producers have sent by mistake or on purpose, and the code it gets. */
const BAD: readonly (readonly [what: string, value: string | Buffer | null, code: string])[] = [
  ['a tombstone', null, 'empty_message'],
  ['an empty value', Buffer.alloc(0), 'empty_message'],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 'malformed_json'],
  ['half a JSON', '{"transaction_id":', 'malformed_json'],
  ['a prototype', withField('__proto__', '{"amount":1}'), 'malformed_json'],
  ['an abyss of lists', abyss('[', ']'), 'payload_too_large'],
  [
    'an abyss of lists that is small enough',
    '['.repeat(400_000) + ']'.repeat(400_000),
    'invalid_transaction',
  ],
  [
    'metadata that go deep',
    withField('metadata', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)),
    'invalid_transaction',
  ],
  ['wrong types', JSON.stringify({ ...aTransaction(), amount: 'much', currency: 7 }), 'invalid_transaction'],
  ['a list', '[1,2,3]', 'invalid_transaction'],
  ['a number', '17', 'invalid_transaction'],
  ['a card number', JSON.stringify(aTransaction({ card_id: TEST_CARD })), 'card_number_refused'],
  ['a value of more than a megabyte', withField('note', JSON.stringify('x'.repeat(MB))), 'payload_too_large'],
  ['a value of ten megabytes', Buffer.alloc(10 * MB, 'y'), 'payload_too_large'],
];

describe('a consumer among messages of every kind', () => {
  let bench: KafkaBench;
  let consumer: ProductProcess;
  const good = BAD.map(() => aTransaction());
  const wide = aTransaction();
  const conflict = { ...good[0]!, amount: 1 };
  let dead: ReadMessage[];

  beforeAll(async () => {
    bench = await KafkaBench.open(inject('kafkaBrokers'), 1, 1, { deadLetters: 24 * MB, others: 24 * MB });
    consumer = await startConsumer({ ...bench.env, REDIS_URL: await emptyDatabase(inject('redisUrl'), 26) });
    const kept = {
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'schema-version': '4',
    };
    for (const [i, [what, value]] of BAD.entries()) {
      const t = good[i]!;
      await bench.produce([{ key: t.card_id, value: JSON.stringify(t), headers: kept }]);
      await bench.produce([{ key: what, value, headers: { ...kept, of: what } }]);
    }
    await bench.produce([
      { key: 'conflict', value: JSON.stringify(conflict) },
      // Just below the limit, with a field that nobody here knows.
      { key: wide.card_id, value: JSON.stringify({ ...wide, unknown: 'z'.repeat(MB - 2000) }) },
    ]);
    await until(async () => (await bench.lag()) === 0, 250);
    dead = await bench.read(bench.deadLetters);
  });
  afterAll(async () => {
    await consumer.stop();
    await bench.close();
  });

  it.each(BAD)('puts aside %s to the byte, with key, headers and reason', (what, value, code) => {
    const letter = dead.find(({ key }) => String(key) === what)!;
    expect(letter.value).toEqual(value === null ? null : Buffer.from(value));
    expect(String(letter.headers?.['fraud-error-code'])).toBe(code);
    expect(String(letter.headers?.['of'])).toBe(what);
  });

  it('puts aside what contradicts a transaction that was decided', () => {
    const letter = dead.find(({ key }) => String(key) === 'conflict');
    expect(String(letter?.headers?.['fraud-error-code'])).toBe('transaction_conflict');
    expect(String(letter?.value)).toBe(JSON.stringify(conflict));
  });

  it('decides everything else, and both topics are as docs/schemas/asyncapi.json describes them', async () => {
    const decided = await bench.read(bench.decisions);
    const ids = decided.map(
      ({ value }) => (JSON.parse(String(value)) as { transaction_id: string }).transaction_id,
    );
    expect(new Set(ids)).toEqual(new Set([...good, wide].map((t) => t.transaction_id)));
    expect(dead).toHaveLength(BAD.length + 1);
    expect(undescribed('Decision', decided)).toEqual([]);
    expect(undescribed('DeadLetter', dead)).toEqual([]);
    const sent = (await bench.read(bench.transactions)).filter(({ key }) => String(key).startsWith('card-'));
    expect(undescribed('Transaction', sent)).toEqual([]);
    expect(String(decided[0]!.headers?.['schema-version'])).toBe('4');
    expect(consumer.output()).not.toMatch(/unhandled|uncaught/i);
  });

  it('lists what was put aside and why, by code, without a value', async () => {
    const all = await runCli(['dlq', 'list'], bench.env);
    expect(all.code).toBe(0);
    for (const code of new Set(BAD.map(([, , c]) => c))) expect(all.output).toContain(code);
    expect(all.output).toMatch(/payload_too_large +3/);
    expect(all.output).not.toContain(TEST_CARD);
    const lines = (await runCli(['dlq', 'list', '--json', '--code', 'card_number_refused'], bench.env))
      .output;
    expect(
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([
      { code: 'card_number_refused', fields: [{ field: 'card_id' }], source: { topic: bench.transactions } },
    ]);
  });

  it('shows one of them with its card number hidden, and gives its bytes to who asks for them', async () => {
    const letter = dead.find(({ key }) => String(key) === 'a card number')!;
    const place = `${letter.partition}:${letter.offset}`;
    const shown = await runCli(['dlq', 'show', place], bench.env);
    expect(shown.output).toMatch(/"card_id":"\*{12}1111"/);
    expect(shown.output).toMatch(/code +card_number_refused/);
    const { output } = await runCli(['dlq', 'show', place, '--raw'], bench.env);
    expect(output).toBe(String(letter.value));
    const nowhere = await runCli(['dlq', 'show', '0:999999'], bench.env);
    expect(nowhere.code).toBe(1);
    expect(nowhere.output).toContain('There is nothing at 0:999999');
  });

  it('sends those that are chosen again, once asked twice, as they came', async () => {
    const unsaid = await runCli(['dlq', 'retry'], bench.env);
    expect(unsaid.code).toBe(1);
    expect(unsaid.output).toContain('--all');
    const dry = await runCli(['dlq', 'retry', '--dry-run', '--code', 'transaction_conflict'], bench.env);
    expect(dry.output).toContain('1 would be sent');
    expect(await bench.size(bench.deadLetters)).toBe(dead.length);
    const one = await runCli(['dlq', 'retry', '--code', 'transaction_conflict'], bench.env);
    expect(one.output).toContain('1 sent to their source again');
    await until(async () => (await bench.size(bench.deadLetters)) === dead.length + 1);
    const again = (await bench.read(bench.deadLetters)).at(-1)!;
    expect(String(again.value)).toBe(JSON.stringify(conflict));
    expect(String(again.headers?.['fraud-retries'])).toBe('1');
    expect(Number(again.headers?.['fraud-source-offset'])).toBeGreaterThan(0);
    const listed = await runCli(['dlq', 'list', '--code', 'transaction_conflict'], bench.env);
    expect(listed.output).toMatch(/transaction_conflict +– +\S+ \d+:\d+ +1$/m);
  });
});

describe('a dead letter that went without its value', () => {
  it('is shown and sent again with the value that its source still has', async () => {
    const bench = await KafkaBench.open(inject('kafkaBrokers'), 1, 1, { deadLetters: 2000 });
    const env = { ...bench.env, REDIS_URL: await emptyDatabase(inject('redisUrl'), 27) };
    const t = aTransaction({ card_id: 'x'.repeat(3) });
    // Refused for its size by this consumer, and not by the one after it.
    const value = JSON.stringify({ ...t, unknown: 'u'.repeat(5000) });
    await bench.produce([{ key: t.card_id, value }]);
    const strict = await startConsumer({ ...env, BODY_LIMIT_BYTES: '2048' });
    await until(async () => (await bench.lag()) === 0);
    await strict.stop();
    const shown = await runCli(['dlq', 'show', '0:0', '--raw'], env);
    expect(shown.output).toBe(value);
    const consumer = await startConsumer(env);
    expect((await runCli(['dlq', 'retry', '0:0'], env)).output).toContain('1 sent');
    await until(async () => (await bench.size(bench.decisions)) === 1);
    await consumer.stop();
    await bench.close();
  });
});
