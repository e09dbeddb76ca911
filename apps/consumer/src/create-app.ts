import { AcknowledgedProducer, openKafka, type ConsumerConfig } from '@fraud/platform';
import type { Engine } from '@fraud/scoring';
import { AppLogger } from '@fraud/service';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConsumerModule } from './consumer.module.js';
import { BatchStrategy } from './kafka/batch-strategy.js';
import { KafkaMetrics } from './metrics/kafka-metrics.js';

/**
 * Builds the Kafka application around an open engine: a microservice on the topic, and an HTTP server for its probes and
 * metrics. It closes the engine when it ends.
 */
export async function createApp(engine: Engine, config: ConsumerConfig): Promise<NestFastifyApplication> {
  const logger = new AppLogger(config.LOG_LEVEL);
  const kafka = openKafka(config.KAFKA_BROKERS, (level, message) => {
    // What the client calls an error it mostly repeats with success; what stays one is reported by the strategy.
    if (level === 'info') logger.debug(message, 'KafkaClient');
    else logger.debug(`${level}: ${message}`, 'KafkaClient');
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    ConsumerModule.with(engine, kafka, config),
    new FastifyAdapter({ return503OnClosing: false, forceCloseConnections: true }),
    { logger },
  );
  const metrics = app.get(KafkaMetrics);
  const producer = new AcknowledgedProducer(kafka, {
    resent: (count) => {
      metrics.resent(count);
    },
  });
  const strategy = new BatchStrategy(
    kafka,
    producer,
    {
      groupId: config.KAFKA_GROUP_ID,
      topic: config.TRANSACTIONS_TOPIC,
      maxPollRecords: config.MAX_POLL_RECORDS,
      partitionsConcurrently: config.PARTITIONS_CONCURRENTLY,
    },
    metrics,
  );
  app.connectMicroservice<MicroserviceOptions>({ strategy });
  app.enableShutdownHooks(['SIGINT', 'SIGTERM'], { useProcessExit: true });
  await app.startAllMicroservices();
  return app;
}
