import { describe, expect, it } from 'vitest';
import type { Sample } from '../measure/sample.js';
import type { PhaseName, SubjectName } from '../plan.js';
import { GATE_MARGIN, judge, passesGate, reached, REFERENCE_ECHO_US } from './goals.js';

/** A measure of 1,000 decisions within a second. @param cpuUs CPU of each */
function sample(subject: SubjectName, phase: PhaseName, cpuUs: number, requests = 1_000, round = 1): Sample {
  return {
    subject,
    phase,
    round,
    load: {
      requests,
      seconds: 1,
      latency: null,
      failures: {},
      degraded: 0,
      good: 0,
      answered: null,
      sentLateP99: null,
    },
    cpu: (cpuUs * requests) / 1e6,
    redisCpu: null,
    brokerCpu: null,
    generatorCpu: 0,
    othersCpu: 0,
    windowSeconds: 1,
    gc: {},
  };
}

const goalNamed = (label: string, samples: readonly Sample[]) => {
  const found = judge(samples).find(({ goal }) => goal.label === label);
  if (found === undefined) throw new Error(`no goal ${label} was judged`);
  return found;
};

describe('a goal', () => {
  it('that is an upper limit is reached at it and below, and a lower limit at it and above', () => {
    const { goal: most } = goalNamed('CPU over Kafka', [
      sample('echo', 'closed', 20),
      sample('kafka', 'kafka', 50),
    ]);
    expect([2.9, 3, 3.1].map((measured) => reached(most, measured))).toEqual([true, true, false]);
    const { goal: least } = goalNamed('decisions per second over Kafka', [sample('kafka', 'kafka', 50)]);
    expect([9_999, 10_000, 10_001].map((measured) => reached(least, measured))).toEqual([false, true, true]);
  });

  it('is widened by the margin in its own direction', () => {
    const samples = [sample('echo', 'closed', 20), sample('kafka', 'kafka', 50)];
    const { goal: most } = goalNamed('CPU over Kafka', samples);
    expect([4, 4.1].map((measured) => reached(most, measured, 4 / 3))).toEqual([true, false]);
    const { goal: least } = goalNamed('decisions per second over Kafka', samples);
    expect([7_500, 7_400].map((measured) => reached(least, measured, 4 / 3))).toEqual([true, false]);
  });

  it('over Kafka is a ratio to the closed loop of the echo in the same round', () => {
    const samples = [
      sample('echo', 'closed', 20),
      sample('echo', 'closed', 40, 1_000, 2),
      sample('kafka', 'kafka', 50),
      sample('kafka', 'kafka', 60, 1_000, 2),
    ];
    const { lowest, highest, echo } = goalNamed('CPU over Kafka', samples);
    expect(lowest).toBeCloseTo(1.5);
    expect(highest).toBeCloseTo(2.5);
    expect(echo).toBeCloseTo(30);
  });

  it('in absolute terms is held to what it would be at the reference’s speed, which the echo of the round tells', () => {
    const samples = [
      sample('echo', 'closed', 2 * REFERENCE_ECHO_US),
      sample('echo', 'closed', REFERENCE_ECHO_US / 2, 1_000, 2),
      sample('features', 'vectors-60', 8),
      sample('features', 'vectors-60', 2, 1_000, 2),
      sample('features', 'features-replay', 1, 50_000),
    ];
    const { bare, lowest, highest } = goalNamed('vector with 60 events of the card', samples);
    expect([bare, lowest, highest]).toEqual([5, 4, 4]);
    expect(goalNamed('features alone, embedded, in replay', samples)).toMatchObject({
      bare: 50_000,
      measured: 100_000,
    });
  });

  it('in absolute terms is held to the bare figure where the echo was left out', () => {
    expect(
      goalNamed('vector with 60 events of the card', [sample('features', 'vectors-60', 8)]).measured,
    ).toBe(8);
  });

  it('for the peer is its CPU as a multiple of ours with Redis', () => {
    const samples = [sample('redis', 'closed', 70), sample('peer', 'closed', 350)];
    expect(goalNamed('CPU of the FastAPI peer, with Redis', samples).measured).toBeCloseTo(5);
  });

  it('whose measures were left out is left out', () => {
    expect(judge([sample('echo', 'closed', 20)])).toEqual([]);
  });
});

describe('the gate', () => {
  const echo = sample('echo', 'closed', 20);

  it('fails on a ratio to the echo above its limit and the margin, over Kafka too', () => {
    const limit = 3 * GATE_MARGIN * 20;
    expect(passesGate([echo, sample('kafka', 'kafka', limit * 0.99)])).toBe(true);
    expect(passesGate([echo, sample('kafka', 'kafka', limit * 1.01)])).toBe(false);
  });

  it('does not judge what is no ratio to the echo', () => {
    expect(passesGate([echo, sample('kafka', 'kafka', 50, 100)])).toBe(true);
    expect(passesGate([echo, sample('redis', 'closed', 70), sample('peer', 'closed', 71)])).toBe(true);
  });
});
