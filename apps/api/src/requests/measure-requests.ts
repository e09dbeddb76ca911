import { METRICS } from '@fraud/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { getToken } from '@willsoto/nestjs-prometheus';
import type { Counter, Histogram } from 'prom-client';

/** The routes that transactions are decided at. */
const ROUTES = ['/v1/decisions', '/v1/decisions/batch'];
/** By the first digit. */
const CLASSES = ['2xx', '4xx', '5xx'];

/** Times and counts the requests for decisions, from arrival to the answer having left. What is refused unread is counted by who refuses it. */
export function measureRequests(app: NestFastifyApplication): void {
  const latency = app.get<Histogram>(getToken(METRICS.requestLatency.name), { strict: false });
  const requests = app.get<Counter>(getToken(METRICS.requests.name), { strict: false });
  const byRoute = new Map(
    ROUTES.map((route) => {
      const counters = CLASSES.map((status) => requests.labels({ route, status }));
      // A rate needs the series before the first request, and before the first error.
      for (const counter of counters) counter.inc(0);
      latency.zero({ route });
      const byDigit = new Map(CLASSES.map((status, i) => [Number(status[0]), counters[i]!] as const));
      return [route, { latency: latency.labels({ route }), byDigit }] as const;
    }),
  );
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', (request, reply, done) => {
      const route = byRoute.get(request.routeOptions.url ?? '');
      route?.latency.observe(reply.elapsedTime / 1000);
      route?.byDigit.get(Math.floor(reply.statusCode / 100))?.inc();
      done();
    });
}
