import { parseTransaction, problem, type Decision, type ParsedTransaction } from '@fraud/contract';
import type { Result } from '@fraud/scoring';
import type { KafkaMessage } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { decideBatch, type BatchAnswer } from './decide-batch.js';

const ORIGIN = { topic: 'transactions', partition: 3 };
const RULES = { decisions: 'decisions', deadLetters: 'dead', mostBytes: 10_000 };

function message(id: string, more: Partial<KafkaMessage> = {}, fields: object = {}): KafkaMessage {
  const value = {
    transaction_id: id,
    occurred_at: '2026-01-05T00:00:00Z',
    amount: 1,
    currency: 'EUR',
    card_id: `card-of-${id}`,
    merchant_id: 'merchant',
    ...fields,
  };
  return {
    key: Buffer.from('key'),
    value: Buffer.from(JSON.stringify(value)),
    timestamp: '1767571200000',
    attributes: 0,
    offset: '17',
    headers: {},
    ...more,
  } as KafkaMessage;
}

/** An engine that answers with the id alone, and fails on a batch that holds a poisonous one. */
function engine(poison = new Set<string>(), conflicts = new Set<string>()) {
  const batches: number[] = [];
  return {
    batches,
    parse: (body: unknown) => parseTransaction(body),
    scoreSettled: (all: readonly ParsedTransaction[]): Promise<Result[]> => {
      batches.push(all.length);
      const ids = all.map((p) => p.transaction.transaction_id);
      if (ids.some((id) => poison.has(id))) return Promise.reject(new Error('boom'));
      return Promise.resolve(
        ids.map((id): Result =>
          conflicts.has(id)
            ? { kind: 'refused', problem: problem('transaction_conflict') }
            : {
                kind: 'decided',
                decision: { transaction_id: id } as Decision,
                json: null,
                replayed: id === 'again',
              },
        ),
      );
    },
  };
}

/** Of a batch that is not put off. */
async function answered(...batch: Parameters<typeof decideBatch>): Promise<BatchAnswer> {
  const answer = await decideBatch(...batch);
  if ('putOff' in answer) throw new Error(answer.putOff);
  return answer;
}

describe('decideBatch', () => {
  it('answers each message in its place, with a decision by card or as a dead letter as it came', async () => {
    const bad = message('bad', { value: Buffer.from('{'), headers: { a: 'b' } });
    const answer = await answered(
      [message('one'), bad, message('other'), message('again')],
      ORIGIN,
      engine(new Set(), new Set(['other'])),
      RULES,
    );
    expect(answer.outgoing.map((m) => [m.topic, String(m.key)])).toEqual([
      ['decisions', 'card-of-one'],
      ['dead', 'key'],
      ['dead', 'key'],
      ['decisions', 'card-of-again'],
    ]);
    expect(answer.outgoing[1]).toMatchObject({
      value: bad.value,
      headers: { a: 'b', 'fraud-error-code': 'malformed_json', 'fraud-source-partition': '3' },
    });
    expect(answer.outgoing[2]?.headers).toMatchObject({ 'fraud-error-code': 'transaction_conflict' });
    expect(answer).toMatchObject({ decided: 1, replayed: 1 });
    expect([...answer.dead]).toEqual([
      ['malformed_json', 1],
      ['transaction_conflict', 1],
    ]);
  });

  it('takes the whole batch through the pipeline at once', async () => {
    const all = engine();
    await answered(
      Array.from({ length: 40 }, (_, i) => message(`tx-${i}`)),
      ORIGIN,
      all,
      RULES,
    );
    expect(all.batches).toEqual([40]);
  });

  it('sends the one message on which the engine fails to the dead letters, and decides its neighbours', async () => {
    const ids = Array.from({ length: 9 }, (_, i) => `tx-${i}`);
    const answer = await answered(
      ids.map((id) => message(id)),
      ORIGIN,
      engine(new Set(['tx-4'])),
      RULES,
    );
    expect(answer.outgoing.map((m) => m.topic)).toEqual(
      ids.map((id) => (id === 'tx-4' ? 'dead' : 'decisions')),
    );
    expect(answer.outgoing[4]?.headers).toMatchObject({ 'fraud-error-code': 'internal_error' });
    expect(answer.decided).toBe(8);
  });

  it('hands trace context and schema version on with the decision, and no other header', async () => {
    const kept = { traceparent: '00-ab-cd-01', tracestate: 'a=b', 'schema-version': '3' };
    const headers = { ...kept, other: 'x' };
    const { outgoing } = await answered([message('one', { headers })], ORIGIN, engine(), RULES);
    expect(outgoing[0]?.headers).toEqual(kept);
  });

  it('never repeats a value in the headers of a dead letter', async () => {
    const pan = message('pan', {}, { card_id: '4111111111111111', amount: 'secret' });
    const { outgoing } = await answered([pan], ORIGIN, engine(), RULES);
    const headers = JSON.stringify(outgoing[0]?.headers);
    expect(headers).toContain('card_number_refused');
    expect(headers).not.toMatch(/4111|secret/);
  });

  it.each(['features_unavailable', 'records_unavailable'] as const)(
    'puts off a whole batch, and makes no dead letter, where one of its messages is refused with %s',
    async (code) => {
      const valid = engine();
      const refusing = {
        ...valid,
        scoreSettled: async (all: readonly ParsedTransaction[]): Promise<Result[]> => [
          ...(await valid.scoreSettled(all.slice(1))),
          { kind: 'refused', problem: problem(code) },
        ],
      };
      const bad = message('bad', { value: Buffer.from('{') });
      const answer = decideBatch([message('one'), bad, message('two')], ORIGIN, refusing, RULES);
      expect(await answer).toEqual({ putOff: code });
    },
  );
});
