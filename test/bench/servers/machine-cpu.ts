import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** CPU seconds of the whole machine so far, in hundredths; time that the hypervisor gave to others counts as busy. */
export function machineCpuSeconds(): number {
  const [user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'latin1')
    .split('\n', 1)[0]!
    .replace(/^cpu +/, '')
    .split(' ')
    .map(Number);
  return (
    [user, nice, system, irq, softirq, steal].reduce<number>((total, ticks) => total + (ticks ?? 0), 0) / 100
  );
}

export const CORES = cpus().length;
