import type { PartCommand, PartReply } from '../parts/protocol.js';
import { PARTS, type PartPhaseName } from '../plan.js';
import { ask } from '../servers/ipc.js';
import type { PartSubject } from '../servers/subjects.js';
import type { Sample } from './sample.js';
import { between, read } from './window.js';

/** Measures a part of the engine, after as much work that is not measured. */
export async function measurePart(
  subject: PartSubject,
  phase: PartPhaseName,
  round: number,
  seconds: number,
): Promise<Sample> {
  const transactions = seconds * PARTS[phase].perSecond;
  const next = (): PartCommand => {
    const command = {
      type: 'prepare',
      phase,
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
    subject: subject.name,
    phase,
    round,
    load: {
      requests: transactions,
      seconds: took,
      latency: null,
      failures: {},
      degraded: 0,
      good: 0,
      answered: null,
      sentLateP99: null,
    },
    ...between(before, after),
    gc: {},
  };
}

async function execute({ name, child }: PartSubject, command: PartCommand): Promise<number> {
  const reply = await ask<PartReply>(child, command, 120_000);
  if (reply.type === 'failed') throw new Error(`${name} failed: ${reply.message}`);
  return reply.seconds;
}
