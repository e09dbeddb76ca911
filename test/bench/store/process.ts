import { parseTransaction } from '@fraud/contract';
import {
  loadFxTable,
  Pseudonyms,
  RedisFeatureStore,
  toCurrent,
  type CurrentTransaction,
  type DecisionCommit,
  type StateRead,
} from '@fraud/features';
import { openRedis, RedisPool, ReplyArena } from '@fraud/platform';
import { toReads } from '@fraud/scoring';
import { Sequence } from '../load/sequence.js';
import type { StoreCommand, StoreReply } from './protocol.js';

// The feature store alone, in a process of its own: what an exchange costs its client and Redis, without HTTP and model.
// Everything that the exchanges carry is made before the measure.

const TIMEOUT_MS = 5_000;
/** A stored decision has about so many bytes. */
const DECISION = Buffer.alloc(180, 'd');

interface Exchange {
  readonly reads: readonly StateRead[];
  readonly commits: readonly DecisionCommit[];
}

const replies = new ReplyArena();
const redis = openRedis(process.env['REDIS_URL']!, replies);
redis.on('error', (cause) => {
  console.error(cause);
});
await redis.connect();
const store = new RedisFeatureStore(new RedisPool([{ client: redis, replies }], 32), 3600);
const fx = loadFxTable('config/fx.yaml');
const pseudonyms = new Pseudonyms('benchmark');
const sequence = new Sequence('own');
let prepared: Exchange[] = [];

/** As a process at work sends them: the reads of a turn, and the decisions of the turn before. */
function prepare({ turn, firstTransaction, transactions }: StoreCommand): void {
  sequence.seek(firstTransaction);
  let commits: readonly DecisionCommit[] = [];
  prepared = Array.from({ length: Math.floor(transactions / turn) }, () => {
    const rows = Array.from({ length: turn }, () => rowOf(sequence.next().bytes));
    const exchange = { reads: toReads(rows, pseudonyms), commits };
    commits = rows.map(commitOf);
    return exchange;
  });
}

function rowOf(json: Buffer): CurrentTransaction {
  const parsed = parseTransaction(JSON.parse(json.toString('latin1')), '', Infinity);
  if (!parsed.ok) throw new Error('the sequence holds an invalid transaction');
  return toCurrent(parsed, fx);
}

function commitOf({ parsed: { transaction }, event, amount }: CurrentTransaction): DecisionCommit {
  const { transaction_id, merchant_id, terminal_id } = transaction;
  return {
    transactionId: transaction_id,
    value: DECISION,
    counter: { merchantId: merchant_id, terminalId: terminal_id ?? null, timeMs: event.timeMs, amount },
  };
}

async function execute(command: StoreCommand): Promise<StoreReply> {
  const begun = performance.now();
  if (command.type === 'prepare') prepare(command);
  else for (const { reads, commits } of prepared) await store.exchange(reads, commits, TIMEOUT_MS);
  return { type: 'done', seconds: (performance.now() - begun) / 1000 };
}

process.on('message', (command: StoreCommand) => {
  void execute(command)
    .catch((cause: unknown): StoreReply => ({ type: 'failed', message: String(cause) }))
    .then((reply) => process.send!(reply));
});
process.on('disconnect', () => process.exit());
