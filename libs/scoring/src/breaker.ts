import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  handleAll,
  type CircuitBreakerPolicy,
} from 'cockatiel';

/** What a decision can do without, if it must. */
export const DEPENDENCIES = ['feature_store', 'records'] as const;
export type Dependency = (typeof DEPENDENCIES)[number];

export interface BreakerOptions {
  /** So many failures in a row open it, */
  readonly failures: number;
  /** where they go on for so long at least, ms: a pause of this process looks like a few of them. */
  readonly forMs: number;
  /** After so long one call may try again, ms. */
  readonly retryAfterMs: number;
}

/** Keeps calls from a dependency that fails: while it is open nobody waits for it. */
export class Breaker {
  private readonly policy: CircuitBreakerPolicy;

  /** @param changed told when it opens and when it closes */
  constructor(
    readonly dependency: Dependency,
    { failures, forMs, retryAfterMs }: BreakerOptions,
    changed: (dependency: Dependency, open: boolean) => void = () => undefined,
  ) {
    this.policy = circuitBreaker(handleAll, {
      breaker: new LastingFailure(failures, forMs),
      halfOpenAfter: retryAfterMs,
    });
    let open = false;
    this.policy.onStateChange((state) => {
      const now = state !== CircuitState.Closed;
      if (now !== open) changed(dependency, now);
      open = now;
    });
  }

  /** Not closed: nobody who has somebody waiting should call. */
  get open(): boolean {
    return this.policy.state !== CircuitState.Closed;
  }

  /** @throws BrokenCircuitError where it is open and it is not time to try; and what `call` throws */
  run<T>(call: () => Promise<T>): Promise<T> {
    return this.policy.execute(call);
  }
}

/** When a breaker opens: cockatiel asks. */
class LastingFailure {
  /** It has nothing to be saved. */
  readonly state = null;
  private count = 0;
  private since = 0;

  constructor(
    private readonly failures: number,
    private readonly forMs: number,
  ) {}

  success(): void {
    this.count = 0;
  }

  failure(state: CircuitState): boolean {
    const now = performance.now();
    if (this.count++ === 0) this.since = now;
    if (state === CircuitState.HalfOpen) return true;
    return this.count >= this.failures && now - this.since >= this.forMs;
  }
}

export const isBroken = (cause: unknown): boolean => cause instanceof BrokenCircuitError;
