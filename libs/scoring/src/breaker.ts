import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleAll,
  type CircuitBreakerPolicy,
} from 'cockatiel';

/** What a decision can do without, if it must. */
export const DEPENDENCIES = ['feature_store', 'records'] as const;
export type Dependency = (typeof DEPENDENCIES)[number];

export interface BreakerOptions {
  /** So many failures in a row open it. */
  readonly failures: number;
  /** After so long one call may try again, ms. */
  readonly retryAfterMs: number;
}

/** Keeps calls from a dependency that fails: while it is open nobody waits for it. */
export class Breaker {
  private readonly policy: CircuitBreakerPolicy;

  /** @param changed told when it opens and when it closes */
  constructor(
    readonly dependency: Dependency,
    { failures, retryAfterMs }: BreakerOptions,
    changed: (dependency: Dependency, open: boolean) => void = () => undefined,
  ) {
    this.policy = circuitBreaker(handleAll, {
      breaker: new ConsecutiveBreaker(failures),
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

export const isBroken = (cause: unknown): boolean => cause instanceof BrokenCircuitError;
