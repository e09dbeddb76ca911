import { afterEach, beforeEach, expect, it, vi, type MockInstance } from 'vitest';
import { endBySignals } from './first-process.js';

// The test runner has listeners of its own.
let exit: MockInstance<typeof process.exit>;
let others: NodeJS.SignalsListener[];
beforeEach(() => {
  others = process.listeners('SIGHUP') as NodeJS.SignalsListener[];
  process.removeAllListeners('SIGHUP');
  exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
});
afterEach(() => {
  process.removeAllListeners('SIGHUP');
  for (const other of others) process.on('SIGHUP', other);
  vi.restoreAllMocks();
});

it('ends the first process by a signal that nobody else has taken over', () => {
  endBySignals(1);
  process.emit('SIGHUP');
  expect(exit).toHaveBeenCalledWith(129);
});

it('leaves a signal to those who have taken it over, and other processes to the kernel', () => {
  endBySignals(1);
  process.once('SIGHUP', () => undefined);
  process.emit('SIGHUP');
  expect(exit).not.toHaveBeenCalled();

  process.removeAllListeners('SIGHUP');
  endBySignals(4711);
  expect(process.listenerCount('SIGHUP')).toBe(0);
});
