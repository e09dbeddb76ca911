import type { Decision, ErrorCode, GuardSide } from '@fraud/contract';
import type { LoadEvent, ModelsObserver, Serving, StoppedRollout } from '@fraud/model';
import type { RuleSet, SideState } from '@fraud/policy';
import type { RecordsObserver, Written } from '@fraud/records';
import type { Dependency } from './breaker.js';
import type { ScoringObserver } from './context.js';
import type { PolicyVersion } from './policy/policy-file.js';
import type { ShadowComparison } from './shadow.js';
import type { Stopwatch } from './stopwatch.js';

/** Told what the engine does, and what becomes of its models. */
export interface EngineObserver extends ScoringObserver, ModelsObserver, RecordsObserver {
  /** From now on nobody waits for a dependency that failed, or it is asked again. */
  breakerChanged(dependency: Dependency, open: boolean): void;
  /** A side of the guard has tripped, or cleared. */
  guardChanged(side: GuardSide, state: SideState): void;
  policyInForce(policy: PolicyVersion): void;
  /** The file is not in force, and what was stays. */
  policyRefused(cause: Error): void;
  rulesInForce(rules: RuleSet): void;
  /** The file is not in force, and what was stays. */
  rulesRefused(cause: Error): void;
}

/** The parts are opened before there is anyone to tell. */
export class Relay implements EngineObserver {
  to: EngineObserver | null = null;
  noted: ((decision: Decision) => void) | null = null;

  turn(rows: number, watch: Stopwatch): void {
    this.to?.turn(rows, watch);
  }

  decided(decision: Decision, replayed: boolean): void {
    if (!replayed) this.noted?.(decision);
    this.to?.decided(decision, replayed);
  }

  failed(code: ErrorCode, rows: number, cause?: unknown): void {
    this.to?.failed(code, rows, cause);
  }

  shadowed(comparison: ShadowComparison): void {
    this.to?.shadowed(comparison);
  }

  loaded(event: LoadEvent): void {
    this.to?.loaded(event);
  }

  swapped(serving: Serving): void {
    this.to?.swapped(serving);
  }

  rolloutStopped(stopped: StoppedRollout): void {
    this.to?.rolloutStopped(stopped);
  }

  written(written: Written, seconds: number): void {
    this.to?.written(written, seconds);
  }

  aside(lines: number, reason: string): void {
    this.to?.aside(lines, reason);
  }

  database(up: boolean, message: string): void {
    this.to?.database(up, message);
  }

  controlLost(cause: unknown): void {
    this.to?.controlLost(cause);
  }

  breakerChanged(dependency: Dependency, open: boolean): void {
    this.to?.breakerChanged(dependency, open);
  }

  guardChanged(side: GuardSide, state: SideState): void {
    this.to?.guardChanged(side, state);
  }

  policyInForce(policy: PolicyVersion): void {
    this.to?.policyInForce(policy);
  }

  policyRefused(cause: Error): void {
    this.to?.policyRefused(cause);
  }

  rulesInForce(rules: RuleSet): void {
    this.to?.rulesInForce(rules);
  }

  rulesRefused(cause: Error): void {
    this.to?.rulesRefused(cause);
  }
}
