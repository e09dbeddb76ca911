import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { asked, type Costs } from './costs.js';

/** Rows that one turn takes at most, as in the product. */
const MOST_ROWS = 128;
/** From one machine to another and back, without what either does, µs. */
export const NETWORK_US = 200;
/** Of what a turn costs, this much comes before the store is asked; the rest follows on its answer. */
const BEFORE_STORE = 0.5;

export interface Fleet {
  /** Transactions a second, of all. */
  readonly rate: number;
  readonly pods: number;
  /** Redis nodes that are written to. */
  readonly shards: number;
  /** Round trips that a turn takes: two on a cluster. */
  readonly trips: number;
}

export interface Simulated {
  /** From a transaction's arrival until it is answered, ms. */
  readonly p50: number;
  readonly p99: number;
  /** Share of its core that a process, and a node, is busy. */
  readonly pod: number;
  readonly shard: number;
  /** Transactions in a turn. */
  readonly rows: number;
}

/** A process: one turn at a time, as the product has them; what comes meanwhile is the next turn. */
class Pod {
  waiting: number[] = [];
  turn: number[] = [];
  trips = 0;
  busyUs = 0;
  /** When its turn goes on, µs; Infinity: it has none. */
  nextUs = Infinity;
}

/**
 * Transactions arrive independently of each other (Poisson), at any of the processes; each works on its core alone, and so does each node of
 * Redis, where turns wait for those that came before. Pauses of the system, of garbage collectors and of networks are not in it.
 */
export function simulate(fleet: Fleet, costs: Costs, seconds: number, seed = 1): Simulated {
  const random = uniform(xoroshiro128plus(seed));
  const pods = Array.from({ length: fleet.pods }, () => new Pod());
  const shardFreeUs = new Float64Array(fleet.shards);
  let shardBusyUs = 0;
  const latencies: number[] = [];
  let turns = 0;
  const endUs = seconds * 1e6;
  const gapUs = 1e6 / fleet.rate;
  let arrivalUs = -Math.log(random()) * gapUs;

  const begin = (pod: Pod, nowUs: number): void => {
    pod.turn = pod.waiting.splice(0, MOST_ROWS);
    pod.trips = fleet.trips;
    const us = BEFORE_STORE * cpuOf(pod);
    pod.busyUs += us;
    pod.nextUs = nowUs + us;
  };
  const cpuOf = ({ turn }: Pod): number => costs.api.turn + costs.api.each * turn.length;
  /** Each shard where some of its keys lie has its part of a turn; it is answered when the last one has. */
  const ask = (pod: Pod, nowUs: number): number => {
    const rows = pod.turn.length;
    const share = asked(fleet.shards, rows) / fleet.shards;
    // One at least, wherever it begins.
    const first = Math.floor(random() * fleet.shards);
    const chosen = [first];
    for (let s = 0; s < fleet.shards; s++) if (s !== first && random() <= share) chosen.push(s);
    const us = (costs.redis.turn + (costs.redis.each * rows) / chosen.length) / fleet.trips;
    let answeredUs = 0;
    for (const s of chosen) {
      const doneUs = Math.max(nowUs + NETWORK_US / 2, shardFreeUs[s]!) + us;
      shardFreeUs[s] = doneUs;
      answeredUs = Math.max(answeredUs, doneUs);
    }
    shardBusyUs += us * chosen.length;
    return answeredUs + NETWORK_US / 2;
  };
  const goOn = (pod: Pod): void => {
    const nowUs = pod.nextUs;
    if (pod.trips > 0) {
      pod.trips -= 1;
      pod.nextUs = ask(pod, nowUs);
      return;
    }
    if (pod.trips === 0) {
      // The store has answered: the rest of the turn.
      pod.trips = -1;
      const us = (1 - BEFORE_STORE) * cpuOf(pod);
      pod.busyUs += us;
      pod.nextUs = nowUs + us;
      return;
    }
    for (const cameUs of pod.turn) latencies.push(nowUs - cameUs);
    turns += 1;
    pod.nextUs = Infinity;
    if (pod.waiting.length > 0) begin(pod, nowUs);
  };

  while (arrivalUs < endUs) {
    let next = pods[0]!;
    for (const pod of pods) if (pod.nextUs < next.nextUs) next = pod;
    if (next.nextUs <= arrivalUs) {
      goOn(next);
      continue;
    }
    const pod = pods[Math.floor(random() * pods.length)]!;
    pod.waiting.push(arrivalUs);
    if (pod.nextUs === Infinity) begin(pod, arrivalUs);
    arrivalUs += -Math.log(random()) * gapUs;
  }
  const sorted = Float64Array.from(latencies).toSorted();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))]! / 1000;
  return {
    p50: at(0.5),
    p99: at(0.99),
    pod: pods.reduce((total, { busyUs }) => total + busyUs, 0) / endUs / fleet.pods,
    shard: shardBusyUs / endUs / fleet.shards,
    rows: latencies.length / turns,
  };
}

/** Numbers above 0 and up to 1. */
const uniform = (generator: RandomGenerator) => (): number => ((generator.next() >>> 0) + 1) / 2 ** 32;
