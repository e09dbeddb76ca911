import type { ConsumerConfig } from '@fraud/platform';
import type { Engine } from '@fraud/scoring';
import { EngineModule, HealthModule, MetricsModule } from '@fraud/service';
import { Module, type DynamicModule } from '@nestjs/common';
import type { Kafka } from 'kafkajs';
import { CONSUMER_CONFIG } from './consumer-config.js';
import { TransactionsController } from './decide/transactions.controller.js';
import { LagReporter } from './kafka/lag-reporter.js';
import { LagWatch } from './kafka/lag.js';
import { KafkaMetrics } from './metrics/kafka-metrics.js';

/** The Kafka application. */
@Module({})
export class ConsumerModule {
  static with(engine: Engine, kafka: Kafka, config: ConsumerConfig): DynamicModule {
    return {
      module: ConsumerModule,
      // No load balancer sends it anything: it stops taking at once.
      imports: [
        MetricsModule.for('consumer'),
        EngineModule.with(engine, config),
        HealthModule.with({ ...config, DRAIN_MS: 0 }),
      ],
      controllers: [TransactionsController],
      providers: [
        { provide: CONSUMER_CONFIG, useValue: config },
        KafkaMetrics,
        {
          provide: LagReporter,
          inject: [KafkaMetrics],
          useFactory: (metrics: KafkaMetrics) =>
            new LagReporter(new LagWatch(kafka, config.KAFKA_GROUP_ID, config.TRANSACTIONS_TOPIC), metrics),
        },
      ],
    };
  }
}
