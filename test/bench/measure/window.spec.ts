import { describe, expect, it } from 'vitest';
import { between, type Reading } from './window.js';

const begin: Reading = { at: 1_000, machine: 100, server: 10, redis: 5, broker: null, generator: 2 };

describe('the CPU of a window', () => {
  it('tells the parties apart, and leaves the rest of the machine to others', () => {
    const end: Reading = { at: 6_000, machine: 109, server: 14, redis: 6, broker: null, generator: 3 };
    expect(between(begin, end)).toEqual({
      cpu: 4,
      redisCpu: 1,
      brokerCpu: null,
      generatorCpu: 1,
      othersCpu: 3,
      windowSeconds: 5,
    });
  });

  it('does not leave less than nothing to others, for the clocks tick apart', () => {
    const end: Reading = { at: 2_000, machine: 100, server: 10.01, redis: 5, broker: null, generator: 2 };
    expect(between(begin, end).othersCpu).toBe(0);
  });
});
