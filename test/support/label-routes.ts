import { loadConfig } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import { LabelRecordsModule, MetricsModule, ScoringMetrics, type LabelRecords } from '@fraud/service';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { register } from 'prom-client';
import { acceptJsonAlone } from '../../apps/api/src/requests/accept-json-alone.js';
import { ProblemFilter } from '../../apps/api/src/errors/problem.filter.js';
import { LabelsModule } from '../../apps/api/src/labels/labels.module.js';

/** The policy in force. */
export const POLICY_OF_TEST = {
  version: 'policy-of-test',
  content: { thresholds: { step_up: 0.3, review: 0.7, decline: 0.9 } },
};

/** The routes of labels and of quality as the application has them, without everything else. */
export class LabelRoutes {
  /** What features have been told: transaction, fraud. */
  readonly told: unknown[] = [];
  private app: NestFastifyApplication | undefined;

  async open(records: LabelRecords | null, env: Record<string, string> = {}) {
    const config = loadConfig(env);
    // The registry is one for the process.
    register.clear();
    const applyLabel = (...asked: unknown[]): Promise<boolean> => {
      this.told.push(asked);
      return Promise.resolve(true);
    };
    const engine = { applyLabel, policy: { inForce: POLICY_OF_TEST } };
    @Module({ providers: [{ provide: Engine, useValue: engine }], exports: [Engine] })
    class EngineOfTest {}
    @Module({
      imports: [
        { module: EngineOfTest, global: true },
        MetricsModule.for('api', config),
        LabelRecordsModule.with(records, config),
        LabelsModule.with(config),
      ],
    })
    class TestModule {}
    const adapter = new FastifyAdapter();
    acceptJsonAlone(adapter.getInstance());
    const app = await NestFactory.create<NestFastifyApplication>(TestModule, adapter, {
      bodyParser: false,
      logger: false,
    });
    this.app = app;
    app.useGlobalFilters(new ProblemFilter(app.get(ScoringMetrics)));
    await app.init();
    const ask = app.inject.bind(app);
    return {
      post: (payload: unknown) => ask({ method: 'POST', url: '/v1/labels', payload: payload as object }),
      get: (url: string, headers = {}) => ask({ method: 'GET', url, headers }),
    };
  }

  async close(): Promise<void> {
    await this.app?.close();
    this.told.length = 0;
  }
}
