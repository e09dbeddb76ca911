import {
  AcknowledgedProducer,
  kafkaAccess,
  openKafka,
  type ConsumerConfig,
  type Tracing,
} from '@fraud/platform';
import type { Engine } from '@fraud/scoring';
import { AppLogger, type LabelRecords } from '@fraud/service';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConsumerModule } from './consumer.module.js';
import { BATCHES } from './kafka/batch-context.js';
import { BatchStrategy } from './kafka/batch-strategy.js';
import { LabelBatchMetrics } from './labels/label-batch-metrics.js';
import { KafkaMetrics } from './metrics/kafka-metrics.js';

/**
 * Builds the Kafka application around an open engine: a microservice on each of its topics, and an HTTP server for its probes
 * and metrics. It closes the engine when it ends.
 * @param records null: they are switched off, and labels stay in their topic
 * @param tracing null: this process traces nothing
 */
export async function createApp(
  engine: Engine,
  config: ConsumerConfig,
  records: LabelRecords | null = engine.records,
  tracing: Tracing | null = null,
): Promise<NestFastifyApplication> {
  const logger = new AppLogger(config);
  const kafka = openKafka(kafkaAccess(config), (level, message) => {
    // What the client calls an error it mostly repeats with success; what stays one is reported by the strategy.
    if (level === 'info') logger.debug(message, 'KafkaClient');
    else logger.debug(`${level}: ${message}`, 'KafkaClient');
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    ConsumerModule.with(engine, kafka, config, records, tracing),
    new FastifyAdapter({ return503OnClosing: false, forceCloseConnections: true }),
    { logger },
  );
  const metrics = app.get(KafkaMetrics);
  // Each has connections of its own: a topic that is stuck holds up no other.
  const producer = (): AcknowledgedProducer =>
    new AcknowledgedProducer(kafka, {
      resent: (count) => {
        metrics.resent(count);
      },
    });
  const limits = {
    maxPollRecords: config.MAX_POLL_RECORDS,
    partitionsConcurrently: config.PARTITIONS_CONCURRENTLY,
  };
  const transactions = {
    pattern: BATCHES.transactions,
    groupId: config.KAFKA_GROUP_ID,
    topic: config.TRANSACTIONS_TOPIC,
    ...limits,
  };
  const strategy = new BatchStrategy(kafka, producer(), transactions, metrics);
  app.connectMicroservice<MicroserviceOptions>({ strategy });
  if (records !== null) {
    const labels = {
      pattern: BATCHES.labels,
      groupId: config.KAFKA_LABELS_GROUP_ID,
      topic: config.LABELS_TOPIC,
      ...limits,
    };
    const labelStrategy = new BatchStrategy(kafka, producer(), labels, app.get(LabelBatchMetrics));
    app.connectMicroservice<MicroserviceOptions>({ strategy: labelStrategy });
  }
  app.enableShutdownHooks(['SIGINT', 'SIGTERM'], { useProcessExit: true });
  await app.startAllMicroservices();
  return app;
}
