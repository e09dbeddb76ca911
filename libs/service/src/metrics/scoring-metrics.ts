import {
  DEGRADATIONS,
  ERRORS,
  LOG_ENTITIES,
  OUTCOMES,
  SOURCES,
  type Decision,
  type ErrorCode,
} from '@fraud/contract';
import { METRICS } from '@fraud/platform';
import { STAGES, type ScoringObserver, type Stopwatch } from '@fraud/scoring';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Histogram } from 'prom-client';
import type { LogEntry } from '../log/log-entry.js';

/** A failing dependency is logged once in so many milliseconds; the metric counts every time. */
const LOG_EVERY_MS = 5000;

/** Where it finds whether decisions are logged: those that are no approvals, each. */
export const DEBUGGING = Symbol('DEBUGGING');

/** Turns what the pipeline reports into metrics and log lines. Label children are looked up once. */
@Injectable()
export class ScoringMetrics implements Omit<ScoringObserver, 'shadowed'> {
  private readonly logger = new Logger('Scoring');
  private readonly stages: readonly Histogram.Internal<string>[];
  private readonly outcomes: ReadonlyMap<string, Counter.Internal>;
  private readonly loggedAt = new Map<ErrorCode, number>();

  constructor(
    @InjectMetric(METRICS.stageLatency.name) stageLatency: Histogram,
    @InjectMetric(METRICS.decisions.name) decisions: Counter,
    @InjectMetric(METRICS.turnSize.name) private readonly turnSize: Histogram,
    @InjectMetric(METRICS.degraded.name) private readonly degraded: Counter,
    @InjectMetric(METRICS.saturated.name) private readonly saturated: Counter,
    @InjectMetric(METRICS.replayed.name) private readonly replayed: Counter,
    @InjectMetric(METRICS.errors.name) private readonly errors: Counter,
    @InjectMetric(METRICS.score.name) private readonly score: Histogram,
    @Inject(DEBUGGING) private readonly debugging: boolean,
  ) {
    this.stages = STAGES.map((stage) => stageLatency.labels({ stage }));
    this.outcomes = new Map(
      OUTCOMES.flatMap((decision) =>
        SOURCES.map((source) => [decision + source, decisions.labels({ decision, source })] as const),
      ),
    );
    // A rate needs the series before what it counts comes for the first time; a share is 0 before, not unknown.
    for (const counter of this.outcomes.values()) counter.inc(0);
    for (const cause of DEGRADATIONS) degraded.labels({ cause }).inc(0);
    for (const code of Object.keys(ERRORS)) errors.labels({ code }).inc(0);
    for (const entity of LOG_ENTITIES) saturated.labels({ entity }).inc(0);
  }

  turn(rows: number, watch: Stopwatch): void {
    this.turnSize.observe(rows);
    for (let i = 0; i < STAGES.length; i++) this.stages[i]!.observe(watch.stages[STAGES[i]!] / 1000);
  }

  decided(decision: Decision, replayed: boolean): void {
    if (replayed) {
      this.replayed.inc();
      return;
    }
    this.outcomes.get(decision.decision + decision.source)?.inc();
    if (this.debugging && decision.decision !== 'approve') this.logger.debug(lineOf(decision));
    if (decision.score !== undefined) this.score.observe(decision.score);
    for (const cause of decision.degraded) this.degraded.inc({ cause });
    for (const entity of decision.saturated ?? []) this.saturated.inc({ entity });
  }

  failed(code: ErrorCode, rows: number, cause?: unknown): void {
    if (rows > 0) this.errors.inc({ code }, rows);
    const { log, title } = ERRORS[code];
    if (log === 'debug') return;
    const now = Date.now();
    if (now - (this.loggedAt.get(code) ?? 0) < LOG_EVERY_MS) return;
    this.loggedAt.set(code, now);
    const why = cause instanceof Error ? ` (${cause.message})` : '';
    this.logger[log]({ message: `${code}: ${title}${why}`, code });
  }
}

const lineOf = ({ decision, transaction_id, decision_id, source, score, degraded }: Decision): LogEntry => ({
  message: `decided: ${decision}`,
  transaction_id,
  decision_id,
  source,
  score,
  degraded,
});
