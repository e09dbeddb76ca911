import { Breaker, type Dependency } from './breaker.js';
import type { Breakers } from './context.js';

/** Five turns that wait in vain, and no more does; a try costs nobody anything, so it may be soon. */
const STORE_BREAKER = { failures: 5, forMs: 250, retryAfterMs: 100 };
const RECORDS_BREAKER = { failures: 3, forMs: 1000, retryAfterMs: 1000 };

/** Of what is there. @param changed told when one opens or closes */
export function breakersOf(
  store: boolean,
  records: boolean,
  changed: (dependency: Dependency, open: boolean) => void,
): Breakers {
  return {
    store: store ? new Breaker('feature_store', STORE_BREAKER, changed) : null,
    records: records ? new Breaker('records', RECORDS_BREAKER, changed) : null,
  };
}
