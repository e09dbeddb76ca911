import { machineCpuSeconds } from '../servers/machine-cpu.js';
import { cpuSeconds, treeCpuSeconds } from '../servers/process-cpu.js';

/** Who works during a measure. */
export interface Parties {
  /** With all its processes. */
  readonly server: number;
  readonly redis: { cpuSeconds(): Promise<number> } | null;
  /** The Kafka broker; null where there is none, or where a container hides it. */
  readonly broker: number | null;
  /** Who makes the load, or watches. */
  readonly generator: number;
}

/** CPU seconds over one measure. */
export interface Cpu {
  readonly cpu: number;
  readonly redisCpu: number | null;
  readonly brokerCpu: number | null;
  readonly generatorCpu: number;
  /** What everything else on the machine took, other guests of its host included. */
  readonly othersCpu: number;
  /** Length of the window of all of them. */
  readonly windowSeconds: number;
}

/** All clocks at one moment. */
export interface Reading {
  /** Milliseconds. */
  readonly at: number;
  readonly machine: number;
  readonly server: number;
  readonly redis: number | null;
  readonly broker: number | null;
  readonly generator: number;
}

export async function read({ server, redis, broker, generator }: Parties): Promise<Reading> {
  const ofRedis = (await redis?.cpuSeconds()) ?? null;
  return {
    at: performance.now(),
    machine: machineCpuSeconds(),
    server: treeCpuSeconds(server),
    redis: ofRedis,
    broker: broker === null ? null : cpuSeconds(broker),
    generator: cpuSeconds(generator),
  };
}

export function between(before: Reading, after: Reading): Cpu {
  const cpu = after.server - before.server;
  const redisCpu = difference(before.redis, after.redis);
  const brokerCpu = difference(before.broker, after.broker);
  const generatorCpu = after.generator - before.generator;
  const known = cpu + (redisCpu ?? 0) + (brokerCpu ?? 0) + generatorCpu;
  return {
    cpu,
    redisCpu,
    brokerCpu,
    generatorCpu,
    othersCpu: Math.max(0, after.machine - before.machine - known),
    windowSeconds: (after.at - before.at) / 1000,
  };
}

function difference(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : after - before;
}
