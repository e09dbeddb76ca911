import type { Decision } from '@fraud/contract';
import { METRICS } from '@fraud/platform';
import { Engine, type RuleSet } from '@fraud/scoring';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';
import { collectedGauge } from './collected.js';

/** Turns what becomes of rules.yaml, and of its rules, into metrics and log lines. */
@Injectable()
export class RulesMetrics {
  private readonly logger = new Logger('Rules');
  private last: string | null = null;

  constructor(
    @InjectMetric(METRICS.rulesInfo.name) private readonly info: Gauge,
    @InjectMetric(METRICS.rulesLoads.name) private readonly loads: Counter,
    @InjectMetric(METRICS.ruleHits.name) private readonly hits: Counter,
    @Inject(Engine) { rules }: Engine,
  ) {
    for (const result of ['loaded', 'refused']) loads.labels({ result }).inc(0);
    collectedGauge(METRICS.rulesRejected, () => (rules.refused === null ? 0 : 1));
  }

  decided({ rules, shadow_rules }: Decision): void {
    if (rules !== undefined) for (const rule of rules) this.hits.inc({ rule, mode: 'live' });
    if (shadow_rules !== undefined) for (const rule of shadow_rules) this.hits.inc({ rule, mode: 'shadow' });
  }

  inForce({ version, rules }: RuleSet): void {
    this.info.reset();
    this.info.set({ version }, 1);
    this.loads.inc({ result: 'loaded' });
    // A rate needs the series before its first hit.
    for (const { id, mode } of rules) this.hits.inc({ rule: id, mode }, 0);
    if (this.last !== null) this.logger.log(`rules ${version} are in force, after ${this.last}`);
    this.last = version;
  }

  refused(cause: Error): void {
    this.loads.inc({ result: 'refused' });
    this.logger.error(`rules refused, ${this.last} stay in force: ${cause.message}`);
  }
}
