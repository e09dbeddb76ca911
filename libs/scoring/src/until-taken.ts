import { setTimeout as sleep } from 'node:timers/promises';
import { FeatureStoreUnavailable } from '@fraud/features';

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 1000;

/**
 * Repeats a call that is safe to repeat until the store takes it.
 * @param patienceMs after which the store is given up
 * @throws FeatureStoreUnavailable
 */
export async function untilTaken<T>(call: () => Promise<T>, patienceMs: number): Promise<T> {
  const givenUpAt = performance.now() + patienceMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await call();
    } catch (cause) {
      if (!(cause instanceof FeatureStoreUnavailable) || performance.now() >= givenUpAt) throw cause;
    }
    await sleep(pause);
  }
}
