import { Pseudonyms, RedisFeatureStore, type DecisionCommit, type StateRead } from '@fraud/features';
import { openRedis, RedisPool, ReplyArena } from '@fraud/platform';
import { toReads } from '@fraud/scoring';
import { PARTS } from '../plan.js';
import type { PartCommand } from './protocol.js';
import { commitOf, turnsFrom } from './rows.js';
import { serve } from './serve.js';

// The feature store alone, in a process of its own: what an exchange costs its client and Redis, without HTTP and model.
// Everything that the exchanges carry is made before the measure.

const TIMEOUT_MS = 5_000;

interface Exchange {
  readonly reads: readonly StateRead[];
  readonly commits: readonly DecisionCommit[];
}

const replies = new ReplyArena();
const client = openRedis(process.env['REDIS_URL']!, replies);
client.on('error', (cause) => {
  console.error(cause);
});
await client.connect();
const store = new RedisFeatureStore(new RedisPool([{ client, replies }], 32), 3600);
const pseudonyms = new Pseudonyms('benchmark');
let prepared: Exchange[] = [];

/** As a process at work sends them: the reads of a turn, and the decisions of the turn before. */
function prepare({ phase, firstTransaction, transactions }: PartCommand): void {
  let commits: readonly DecisionCommit[] = [];
  prepared = turnsFrom(firstTransaction, transactions, PARTS[phase].turn).map((rows) => {
    const exchange = { reads: toReads(rows, pseudonyms), commits };
    commits = rows.map(commitOf);
    return exchange;
  });
}

serve(async (command) => {
  if (command.type === 'prepare') prepare(command);
  else for (const { reads, commits } of prepared) await store.exchange(reads, commits, TIMEOUT_MS);
});
