import type { ConsumerConfig, Tracing } from '@fraud/platform';
import type { Engine } from '@fraud/scoring';
import {
  EngineModule,
  HealthModule,
  Liveness,
  LabelRecordsModule,
  MetricsModule,
  type LabelRecords,
} from '@fraud/service';
import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import type { Kafka } from 'kafkajs';
import { CONSUMER_CONFIG, TRACING } from './consumer-config.js';
import { TransactionsController } from './decide/transactions.controller.js';
import { LagReporter } from './kafka/lag-reporter.js';
import { LagWatch } from './kafka/lag.js';
import { ProgressWatch } from './kafka/progress-watch.js';
import { TopicGauges, type TopicMember } from './kafka/topic-member.js';
import { LabelBatchMetrics } from './labels/label-batch-metrics.js';
import { LabelsController } from './labels/labels.controller.js';
import { KafkaMetrics } from './metrics/kafka-metrics.js';

/** The Kafka application. */
@Module({})
export class ConsumerModule implements OnApplicationShutdown {
  constructor(@Inject(TRACING) private readonly tracing: Tracing | null) {}

  /**
   * @param records null: they are switched off, and labels stay in their topic
   * @param tracing null: this process traces nothing
   */
  static with(
    engine: Engine,
    kafka: Kafka,
    config: ConsumerConfig,
    records: LabelRecords | null,
    tracing: Tracing | null,
  ): DynamicModule {
    const labels = records === null ? [] : [LabelsController];
    const ofLabels = records === null ? [] : labelProviders(kafka, config);
    return {
      module: ConsumerModule,
      // No load balancer sends it anything: it stops taking at once.
      imports: [
        MetricsModule.for('consumer', config),
        EngineModule.with(engine, config),
        LabelRecordsModule.with(records, config),
        HealthModule.with({ ...config, DRAIN_MS: 0 }),
      ],
      controllers: [TransactionsController, ...labels],
      providers: [
        { provide: CONSUMER_CONFIG, useValue: config },
        { provide: TRACING, useValue: tracing },
        TopicGauges,
        KafkaMetrics,
        ...ofLabels,
        {
          provide: LagReporter,
          inject: [KafkaMetrics, Liveness],
          useFactory: (metrics: KafkaMetrics, liveness: Liveness) =>
            reporterOf(
              new LagWatch(kafka, config.KAFKA_GROUP_ID, config.TRANSACTIONS_TOPIC),
              metrics.member,
              liveness,
              config,
            ),
        },
      ],
    };
  }

  /** After the last batch: its spans are to be sent, too. */
  async onApplicationShutdown(): Promise<void> {
    await this.tracing?.close();
  }
}

const LABEL_LAG = Symbol('LABEL_LAG');

function labelProviders(kafka: Kafka, config: ConsumerConfig): Provider[] {
  return [
    LabelBatchMetrics,
    {
      provide: LABEL_LAG,
      inject: [LabelBatchMetrics, Liveness],
      useFactory: (metrics: LabelBatchMetrics, liveness: Liveness) =>
        reporterOf(
          new LagWatch(kafka, config.KAFKA_LABELS_GROUP_ID, config.LABELS_TOPIC),
          metrics.member,
          liveness,
          config,
        ),
    },
  ];
}

/** Reports on a topic; where the work on it stands still, /health says so. */
function reporterOf(
  watch: LagWatch,
  member: TopicMember,
  liveness: Liveness,
  { KAFKA_STALL_S }: ConsumerConfig,
): LagReporter {
  const progress = new ProgressWatch(KAFKA_STALL_S * 1000);
  liveness.register(member.check, () => {
    const { stalledS } = progress;
    return stalledS === null ? null : `no progress for ${stalledS} s`;
  });
  return new LagReporter(watch, member, progress);
}
