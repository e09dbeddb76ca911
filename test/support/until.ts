import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds; the test's own timeout bounds it. */
export async function until(holds: () => boolean | Promise<boolean>, everyMs = 50): Promise<void> {
  while (!(await holds())) await sleep(everyMs);
}
