import { METRICS } from '@fraud/platform';
import { Engine, type PolicyVersion } from '@fraud/scoring';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';
import { collectedGauge } from './collected.js';

/** Turns what becomes of policy.yaml into metrics and log lines. */
@Injectable()
export class PolicyMetrics {
  private readonly logger = new Logger('Policy');
  private last: string | null = null;

  constructor(
    @InjectMetric(METRICS.policyInfo.name) private readonly info: Gauge,
    @InjectMetric(METRICS.policyLoads.name) private readonly loads: Counter,
    @Inject(Engine) { policy }: Engine,
  ) {
    for (const result of ['loaded', 'refused']) loads.labels({ result }).inc(0);
    collectedGauge(METRICS.policyRejected, () => (policy.refused === null ? 0 : 1));
  }

  inForce({ version }: PolicyVersion): void {
    this.info.reset();
    this.info.set({ version }, 1);
    this.loads.inc({ result: 'loaded' });
    if (this.last !== null) this.logger.log(`policy ${version} is in force, after ${this.last}`);
    this.last = version;
  }

  refused(cause: Error): void {
    this.loads.inc({ result: 'refused' });
    this.logger.error(`policy refused, ${this.last} stays in force: ${cause.message}`);
  }
}
