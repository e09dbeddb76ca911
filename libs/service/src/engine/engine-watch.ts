import type { Decision, ErrorCode, GuardSide } from '@fraud/contract';
import type { LoadEvent, Serving, StoppedRollout } from '@fraud/model';
import type {
  Dependency,
  EngineObserver,
  PolicyVersion,
  RuleSet,
  SideState,
  ShadowComparison,
  Stopwatch,
} from '@fraud/scoring';
import { Inject, Injectable } from '@nestjs/common';
import type { Written } from '@fraud/records';
import { RecordMetrics } from '../metrics/record-metrics.js';
import { GuardMetrics } from '../metrics/guard-metrics.js';
import { BreakerMetrics } from '../metrics/breaker-metrics.js';
import { PolicyMetrics } from '../metrics/policy-metrics.js';
import { RulesMetrics } from '../metrics/rules-metrics.js';
import { ModelMetrics } from '../metrics/model-metrics.js';
import { ScoringMetrics } from '../metrics/scoring-metrics.js';
import { ShadowLog } from './shadow-log.js';

/** Where the log of the shadow lies. */
export const SHADOW_DIRECTORY = Symbol('SHADOW_DIRECTORY');

/** Hands what the engine tells to the metrics that it is for. */
@Injectable()
export class EngineWatch implements EngineObserver {
  private readonly shadowLog: ShadowLog;

  constructor(
    @Inject(ScoringMetrics) private readonly scoring: ScoringMetrics,
    @Inject(ModelMetrics) private readonly models: ModelMetrics,
    @Inject(RecordMetrics) private readonly records: RecordMetrics,
    @Inject(PolicyMetrics) private readonly policy: PolicyMetrics,
    @Inject(RulesMetrics) private readonly rules: RulesMetrics,
    @Inject(BreakerMetrics) private readonly breakers: BreakerMetrics,
    @Inject(GuardMetrics) private readonly guard: GuardMetrics,
    @Inject(SHADOW_DIRECTORY) directory: string,
  ) {
    this.shadowLog = new ShadowLog(directory, (rows, cause) => {
      scoring.failed('shadow_unrecorded', rows, cause);
    });
  }

  /** Writes what waits to be written. */
  async close(): Promise<void> {
    await this.shadowLog.flush();
  }

  turn(rows: number, watch: Stopwatch): void {
    this.scoring.turn(rows, watch);
  }

  decided(decision: Decision, replayed: boolean): void {
    this.scoring.decided(decision, replayed);
    if (replayed) return;
    this.models.decided(decision);
    this.rules.decided(decision);
  }

  failed(code: ErrorCode, rows: number, cause?: unknown): void {
    this.scoring.failed(code, rows, cause);
  }

  shadowed(comparison: ShadowComparison): void {
    this.models.shadowed(comparison);
    this.shadowLog.add(comparison);
  }

  loaded(event: LoadEvent): void {
    this.models.loaded(event);
  }

  swapped(serving: Serving): void {
    this.models.swapped(serving);
  }

  controlLost(cause: unknown): void {
    this.scoring.failed('control_unavailable', 1, cause);
  }

  written(written: Written, seconds: number): void {
    this.records.written(written, seconds);
  }

  aside(lines: number, reason: string): void {
    this.records.aside(lines, reason);
  }

  database(up: boolean, message: string): void {
    this.records.database(up, message);
  }

  breakerChanged(dependency: Dependency, open: boolean): void {
    this.breakers.changed(dependency, open);
  }

  guardChanged(side: GuardSide, state: SideState): void {
    this.guard.changed(side, state);
  }

  policyInForce(policy: PolicyVersion): void {
    this.policy.inForce(policy);
  }

  policyRefused(cause: Error): void {
    this.policy.refused(cause);
  }

  rulesInForce(rules: RuleSet): void {
    this.rules.inForce(rules);
  }

  rulesRefused(cause: Error): void {
    this.rules.refused(cause);
  }

  rolloutStopped(stopped: StoppedRollout): void {
    this.models.rolloutStopped(stopped);
  }
}
