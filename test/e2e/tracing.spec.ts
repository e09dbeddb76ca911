import { afterEach, describe, expect, inject, it } from 'vitest';
import { proxyTo } from '../support/fault-proxy.js';
import { KafkaBench } from '../support/kafka.js';
import { OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.js';
import { startApi, startConsumer, type ProductProcess } from '../support/product-process.js';
import { emptyDatabase } from '../support/redis-database.js';
import { aTransaction, post } from '../support/transactions.js';
import { until } from '../support/until.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const CALLER = { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'vendor=1' };
const STAGES = ['queue', 'state', 'features', 'model', 'policy'];

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function receiver(): Promise<OtlpReceiver> {
  const one = await OtlpReceiver.open();
  closing.push(() => one.close());
  return one;
}

async function started(starting: Promise<ProductProcess>): Promise<ProductProcess> {
  const one = await starting;
  closing.push(() => one.stop());
  return one;
}

const decide = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/v1/decisions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

const named = ({ spans }: OtlpReceiver, name: string): ReceivedSpan[] =>
  spans.filter((span) => span.name === name);

describe('traces of requests', () => {
  it('go on in the trace of the caller, with what was decided and how long each stage took', async () => {
    const otlp = await receiver();
    const { url } = await started(startApi(otlp.env));
    const transaction = aTransaction({ card_id: 'card-traced', ip: '198.51.100.9' });
    const answer = (await (
      await decide(url, transaction, { ...CALLER, 'x-request-id': 'r-1' })
    ).json()) as Record<string, unknown>;
    await decide(url, transaction, CALLER);
    await until(() => named(otlp, 'POST /v1/decisions').length === 2);
    const [first, again] = named(otlp, 'POST /v1/decisions') as [ReceivedSpan, ReceivedSpan];
    expect(first).toMatchObject({
      service: 'fraud-detection-api',
      traceId: TRACE,
      parentSpanId: PARENT,
      kind: 2,
      isError: false,
    });
    expect(first.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/v1/decisions',
      'http.response.status_code': 200,
      'fraud.request_id': 'r-1',
      'fraud.transaction_id': transaction.transaction_id,
      'fraud.decision_id': answer['decision_id'],
      'fraud.decision': answer['decision'],
      'fraud.score': answer['score'],
      'fraud.source': 'model',
      'fraud.degraded': [],
      'fraud.replayed': false,
    });
    const below = otlp.spans.filter(({ parentSpanId }) => parentSpanId === first.spanId);
    expect(below.map(({ name }) => name)).toEqual(STAGES);
    expect(below.every(({ traceId }) => traceId === TRACE)).toBe(true);
    const timings = answer['timings_us'] as Record<string, number>;
    for (const stage of below) {
      expect((stage.endMs - stage.startMs) * 1000).toBeCloseTo(timings[stage.name]!, -1);
      // The clocks of the two are read at different moments, to a part of a millisecond.
      expect(stage.startMs).toBeGreaterThan(first.startMs - 1);
      expect(stage.endMs).toBeLessThan(first.endMs + 1);
    }
    expect(again.attributes).toMatchObject({ 'fraud.replayed': true });
    expect(otlp.spans.filter(({ parentSpanId }) => parentSpanId === again.spanId)).toEqual([]);
    expect(JSON.stringify(otlp.spans)).not.toMatch(/card-traced|198\.51/);
  });

  it('begin where the caller names none, name what was refused, and leave out probes', async () => {
    const otlp = await receiver();
    const { url } = await started(
      startApi({ ...otlp.env, OTEL_SERVICE_NAME: 'payments-fraud', RECORDS: 'off' }),
    );
    await decide(url, { amount: -1 });
    await decide(url, aTransaction(), { traceparent: 'nonsense' });
    await post(`${url}/v1/decisions/batch`, { transactions: [aTransaction(), aTransaction()] });
    await post(`${url}/v1/labels`, {
      transaction_id: 'x',
      label: 'fraud',
      source: 'review',
      labelled_at: '2026-01-05T00:00:00Z',
    });
    for (const probe of ['health', 'ready', 'metrics', 'nowhere']) await fetch(`${url}/${probe}`);
    await until(() => named(otlp, 'POST /v1/labels').length === 1);
    const [refused, decided] = named(otlp, 'POST /v1/decisions') as [ReceivedSpan, ReceivedSpan];
    expect(refused).toMatchObject({ service: 'payments-fraud', parentSpanId: '', isError: false });
    expect(refused.attributes).toMatchObject({
      'http.response.status_code': 400,
      'error.type': 'invalid_transaction',
    });
    expect(decided.parentSpanId).toBe('');
    expect(decided.traceId).not.toBe(refused.traceId);
    expect(named(otlp, 'POST /v1/decisions/batch')[0]?.attributes).toMatchObject({ 'fraud.transactions': 2 });
    const [labels] = named(otlp, 'POST /v1/labels');
    expect(labels).toMatchObject({ isError: true, attributes: { 'error.type': 'records_unavailable' } });
    expect(new Set(otlp.spans.map(({ name }) => name))).toEqual(
      new Set(['POST /v1/decisions', 'POST /v1/decisions/batch', 'POST /v1/labels', ...STAGES]),
    );
  });

  it('are taken as the sampler says, and as the caller decided', async () => {
    const otlp = await receiver();
    const { url } = await started(startApi({ ...otlp.env, OTEL_TRACES_SAMPLER: 'parentbased_always_off' }));
    for (let i = 0; i < 5; i++) await decide(url, aTransaction());
    await decide(url, aTransaction(), { traceparent: `00-${TRACE}-${PARENT}-00` });
    await decide(url, aTransaction(), CALLER);
    await until(() => named(otlp, 'POST /v1/decisions').length > 0);
    expect(named(otlp, 'POST /v1/decisions').map(({ traceId }) => traceId)).toEqual([TRACE]);
  });

  it('go by protobuf where nothing else is said, and the last ones when the process ends', async () => {
    const otlp = await receiver();
    const one = await startApi({ OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url, OTEL_BSP_SCHEDULE_DELAY: '600000' });
    await decide(one.url, aTransaction(), CALLER);
    expect(otlp.binary).toEqual([]);
    expect((await one.stop()).code).toBe(0);
    const bytes = Buffer.concat(otlp.binary);
    expect(bytes.includes('POST /v1/decisions')).toBe(true);
    expect(bytes.includes(Buffer.from(TRACE, 'hex'))).toBe(true);
  });

  it('delay neither answers nor the end where no collector takes them, and the log says so', async () => {
    const one = await startApi({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_BSP_SCHEDULE_DELAY: '20',
    });
    for (let i = 0; i < 50; i++) expect((await decide(one.url, aTransaction())).status).toBe(200);
    await until(() => one.output().includes('traces do not arrive'));
    expect((await one.stop()).code).toBe(0);
    for (const line of one.output().trimEnd().split('\n'))
      expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  it('that nobody asked for leave no mark', async () => {
    const otlp = await receiver();
    const { url } = await started(startApi({ ...otlp.env, OTEL_SDK_DISABLED: 'true' }));
    await decide(url, aTransaction(), CALLER);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([otlp.spans, otlp.binary]).toEqual([[], []]);
  });
});

describe('traces of messages', () => {
  it('go on with the decision, below the span that made it; what names no trace has the span of its batch', async () => {
    const otlp = await receiver();
    const bench = await KafkaBench.open(inject('kafkaBrokers'), 1);
    closing.push(() => bench.close());
    const REDIS_URL = await emptyDatabase(inject('redisUrl'), 53);
    await started(startConsumer({ ...bench.env, ...otlp.env, REDIS_URL }));
    const [traced, plain] = [aTransaction({ card_id: 'card-traced' }), aTransaction()];
    await bench.produce([
      { key: traced.card_id, value: JSON.stringify(traced), headers: { ...CALLER, 'schema-version': '3' } },
      { key: plain.card_id, value: JSON.stringify(plain) },
      { key: 'bad', value: 'not json', headers: CALLER },
    ]);
    await until(() => named(otlp, `process ${bench.transactions}`).length >= 3);
    const spans = named(otlp, `process ${bench.transactions}`);
    const ofMessages = spans.filter(({ traceId }) => traceId === TRACE);
    const batches = spans.filter(({ traceId }) => traceId !== TRACE);
    expect(ofMessages).toHaveLength(2);
    const sum = (name: string) =>
      batches.reduce((all, { attributes }) => all + Number(attributes[name] ?? 0), 0);
    expect([sum('messaging.batch.message_count'), sum('fraud.decided')]).toEqual([3, 2]);
    const decided = ofMessages.find(({ isError }) => !isError)!;
    expect(decided).toMatchObject({ service: 'fraud-detection-consumer', parentSpanId: PARENT, kind: 5 });
    expect(batches.map(({ spanId }) => spanId)).toContain(decided.links[0]?.spanId);
    expect(decided.attributes).toMatchObject({
      'messaging.system': 'kafka',
      'messaging.destination.name': bench.transactions,
      'fraud.transaction_id': traced.transaction_id,
      'fraud.decision': 'approve',
    });
    const failed = ofMessages.find(({ isError }) => isError)!;
    expect(failed.attributes).toMatchObject({ 'error.type': 'malformed_json' });
    const decisions = await bench.read(bench.decisions);
    const headersOf = (id: string) => {
      const { headers = {} } = decisions.find(({ value }) => String(value).includes(id))!;
      return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    };
    expect(headersOf(traced.transaction_id)).toEqual({
      traceparent: `00-${TRACE}-${decided.spanId}-01`,
      tracestate: 'vendor=1',
      'schema-version': '3',
    });
    expect(headersOf(plain.transaction_id)).toEqual({});
    const [dead] = await bench.read(bench.deadLetters);
    expect(String(dead?.headers?.['traceparent'])).toBe(CALLER.traceparent);
    expect(JSON.stringify(otlp.spans)).not.toContain('card-traced');
  });

  it('of the batch that is under way when the process is told to end arrive, too', async () => {
    const otlp = await receiver();
    const bench = await KafkaBench.open(inject('kafkaBrokers'), 1);
    closing.push(() => bench.close());
    const redis = await proxyTo(await emptyDatabase(inject('redisUrl'), 53));
    closing.push(() => redis.close());
    const env = { ...bench.env, ...otlp.env, OTEL_BSP_SCHEDULE_DELAY: '600000', REDIS_URL: redis.url };
    const consumer = await startConsumer({ ...env, KAFKA_STORE_TIMEOUT_MS: '8000' });
    const [first, last] = [aTransaction(), aTransaction()];
    await bench.produce([{ key: first.card_id, value: JSON.stringify(first), headers: CALLER }]);
    await until(async () => (await bench.size(bench.decisions)) === 1);
    redis.delay(1500);
    await bench.produce([{ key: last.card_id, value: JSON.stringify(last), headers: CALLER }]);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect([await bench.size(bench.decisions), otlp.spans]).toEqual([1, []]);
    expect((await consumer.stop()).code).toBe(0);
    expect(await bench.size(bench.decisions)).toBe(2);
    const ids = otlp.spans.map(({ attributes }) => attributes['fraud.transaction_id']);
    expect(ids).toContain(first.transaction_id);
    expect(ids).toContain(last.transaction_id);
  });
});
