import type { ErrorCode, ParsedTransaction } from '@fraud/contract';
import { KEPT_HEADERS, type OutgoingMessage } from '@fraud/platform';
import type { Engine, Result } from '@fraud/scoring';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { BatchRules } from '../kafka/batch-rules.js';
import { deadLetter, type Origin } from '../kafka/dead-letter.js';
import { readMessage, type Unusable } from '../kafka/read-message.js';
import type { Missing, PutOff, SliceAnswer } from '../kafka/slice-answer.js';

/** What goes out for a batch, and what became of its messages. */
export interface BatchAnswer extends SliceAnswer {
  /** One for each message, in their order: a decision, or the message as a dead letter. */
  readonly outgoing: readonly OutgoingMessage[];
  readonly decided: number;
  /** Decided before; published again with the same bytes. */
  readonly replayed: number;
}

/**
 * Takes a whole batch through the pipeline. A message that the engine fails on is a dead letter; one that it cannot decide since something is
 * away is not, and is read again.
 */
export async function decideBatch(
  messages: readonly KafkaMessage[],
  origin: Origin,
  engine: Pick<Engine, 'parse' | 'scoreSettled'>,
  rules: BatchRules,
): Promise<BatchAnswer | PutOff> {
  const read = messages.map(({ value }) => readMessage(value, rules.mostBytes, (body) => engine.parse(body)));
  const valid = read.filter((r) => r.ok);
  const results = await score(valid, engine);
  const missing = missingOf(results);
  if (missing !== undefined) return { putOff: missing };
  const outgoing: OutgoingMessage[] = [];
  const dead = new Map<ErrorCode, number>();
  let decided = 0;
  let replayed = 0;
  let next = 0;
  for (let i = 0; i < messages.length; i++) {
    const message = messages[i]!;
    const transaction = read[i]!;
    const outcome = transaction.ok ? results[next++]! : transaction;
    if ('kind' in outcome && outcome.kind === 'decided') {
      outgoing.push(decisionMessage(message, transaction as ParsedTransaction, outcome, rules.decisions));
      if (outcome.replayed) replayed++;
      else decided++;
      continue;
    }
    const reason: Unusable =
      'kind' in outcome
        ? { ok: false, code: outcome.problem.code, errors: outcome.problem.errors ?? [] }
        : outcome;
    outgoing.push(deadLetter(message, origin, reason, rules.deadLetters));
    dead.set(reason.code, (dead.get(reason.code) ?? 0) + 1);
  }
  return { outgoing, decided, replayed, dead };
}

const MISSING: ReadonlySet<ErrorCode> = new Set<Missing>(['features_unavailable', 'records_unavailable']);

/** What the engine refuses messages for that are not to blame. */
function missingOf(results: readonly (Result | Unusable)[]): Missing | undefined {
  for (const result of results) {
    if (!('kind' in result) || result.kind !== 'refused') continue;
    const { code } = result.problem;
    if (MISSING.has(code)) return code as Missing;
  }
  return undefined;
}

/** A message on which the engine fails must not stop its partition, nor take its neighbours with it. */
async function score(
  transactions: readonly ParsedTransaction[],
  engine: Pick<Engine, 'scoreSettled'>,
): Promise<(Result | Unusable)[]> {
  if (transactions.length === 0) return [];
  try {
    return await engine.scoreSettled(transactions);
  } catch {
    if (transactions.length === 1) return [{ ok: false, code: 'internal_error', errors: [] }];
    const middle = transactions.length >> 1;
    const first = await score(transactions.slice(0, middle), engine);
    return [...first, ...(await score(transactions.slice(middle), engine))];
  }
}

function decisionMessage(
  message: KafkaMessage,
  { transaction }: ParsedTransaction,
  { decision, json }: Extract<Result, { kind: 'decided' }>,
  topic: string,
): OutgoingMessage {
  const outgoing = { topic, key: transaction.card_id, value: json ?? JSON.stringify(decision) };
  const { headers } = message;
  if (headers === undefined) return outgoing;
  const kept: IHeaders = {};
  for (const name of KEPT_HEADERS) if (headers[name] !== undefined) kept[name] = headers[name];
  return { ...outgoing, headers: kept };
}
