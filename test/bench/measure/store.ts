import { STORE_PER_SECOND, STORE_TURNS, type StorePhaseName } from '../plan.js';
import { ask } from '../servers/ipc.js';
import type { StoreSubject } from '../servers/subjects.js';
import type { StoreCommand, StoreReply } from '../store/protocol.js';
import type { Sample } from './sample.js';
import { between, read } from './window.js';

/** Measures the exchanges with Redis, after as many that are not measured. */
export async function measureStore(
  subject: StoreSubject,
  phase: StorePhaseName,
  round: number,
  seconds: number,
): Promise<Sample> {
  const turn = STORE_TURNS[phase];
  const transactions = seconds * STORE_PER_SECOND;
  const next = (): StoreCommand => {
    const command = {
      type: 'prepare',
      turn,
      firstTransaction: subject.nextTransaction,
      transactions,
    } as const;
    subject.nextTransaction += transactions;
    return command;
  };
  const warmUp = next();
  await execute(subject, warmUp);
  await execute(subject, { ...warmUp, type: 'run' });
  const measured = next();
  await execute(subject, measured);
  const parties = { server: subject.child.pid!, redis: subject.redis, broker: null, generator: process.pid };
  const before = await read(parties);
  const took = await execute(subject, { ...measured, type: 'run' });
  const after = await read(parties);
  return {
    subject: 'store',
    phase,
    round,
    load: {
      requests: transactions,
      seconds: took,
      latency: null,
      failures: {},
      degraded: 0,
      sentLateP99: null,
    },
    ...between(before, after),
    gc: {},
  };
}

async function execute({ child }: StoreSubject, command: StoreCommand): Promise<number> {
  const reply = await ask<StoreReply>(child, command, 120_000);
  if (reply.type === 'failed') throw new Error(`the store failed: ${reply.message}`);
  return reply.seconds;
}
