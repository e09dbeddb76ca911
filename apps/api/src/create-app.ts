import { problem } from '@fraud/contract';
import type { Config, Tracing } from '@fraud/platform';
import type { Engine } from '@fraud/scoring';
import { AppLogger, ScoringMetrics, type LabelRecords } from '@fraud/service';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module.js';
import { clientErrorHandler } from './errors/client-error.js';
import { ProblemFilter } from './errors/problem.filter.js';
import { sendProblem } from './errors/send-problem.js';
import { openApiDocument } from './openapi.js';
import { acceptJsonAlone } from './requests/accept-json-alone.js';
import { logRequests } from './requests/log-requests.js';
import { measureRequests } from './requests/measure-requests.js';
import { requestIdOf } from './requests/request-id.js';
import { traceRequests } from './requests/trace-requests.js';
import { Overload } from './overload/overload.js';
import { watchOverload } from './overload/overload-metrics.js';

/** Longer than load balancers keep idle connections, so that these end them and not we. */
const KEEP_ALIVE_MS = 75_000;
/** A request that takes longer to arrive is cut off. */
const REQUEST_MS = 10_000;

/**
 * Builds the HTTP application around an open engine, ready to listen; it closes the engine when it ends.
 * @param records null: they are switched off
 * @param tracing null: this process traces nothing
 */
export async function createApp(
  engine: Engine,
  config: Config,
  records: LabelRecords | null = engine.records,
  tracing: Tracing | null = null,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: config.BODY_LIMIT_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_MS,
    forceCloseConnections: 'idle',
    // Answering goes on while the application drains.
    return503OnClosing: false,
    // What fails before there is a route gets the same kind of answer, and none that repeats the request.
    frameworkErrors: (_error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      sendProblem(reply, problem('bad_request'));
    },
    clientErrorHandler,
    genReqId: requestIdOf,
  });
  acceptJsonAlone(adapter.getInstance());
  const logger = new AppLogger(config);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(engine, config, records),
    adapter,
    {
      bodyParser: false,
      logger,
    },
  );
  app.useGlobalFilters(new ProblemFilter(app.get(ScoringMetrics)));
  // A stop that was asked for is a success: the process ends with 0, not by the signal.
  app.enableShutdownHooks(['SIGINT', 'SIGTERM'], { useProcessExit: true });
  if (tracing !== null) traceRequests(app, tracing);
  measureRequests(app);
  if (logger.debugging) logRequests(app);
  SwaggerModule.setup('docs', app, openApiDocument(app));
  await app.init();
  const overload = new Overload(engine);
  overload.guard(app.getHttpServer());
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onClose', watchOverload(overload.admission));
  fastify.addHook('onClose', async () => {
    await tracing?.close();
  });
  return app;
}
