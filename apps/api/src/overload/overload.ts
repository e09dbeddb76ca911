import type { RequestListener, Server, ServerResponse } from 'node:http';
import { problem } from '@fraud/contract';
import type { Engine } from '@fraud/scoring';
import { Admission } from './admission.js';

/** Of the budget: one turn is under way while the next one waits, and refusals come in between. */
const SHARE_OF_BUDGET = 0.4;
/** Callers are not to come back all at once, s. */
const RETRY_AFTER = ['1', '2', '3'] as const;

const PATHS = /^\/v1\/decisions(?:\/batch)?(?:\?|$)/;

/** A text, since Node sends that and the headers by one write; of ASCII alone. */
const BODY = JSON.stringify(problem('overloaded'));
const HEADERS = RETRY_AFTER.map((seconds) => [
  'content-type',
  'application/problem+json; charset=utf-8',
  'content-length',
  String(BODY.length),
  'retry-after',
  seconds,
]);

/** Refuses transactions that would wait in vain, before anything of them is read. Whatever else is asked for is answered. */
export class Overload {
  readonly admission: Admission;
  private serial = 0;

  constructor(engine: Pick<Engine, 'budgetMs' | 'eachMs' | 'underWay'>) {
    this.admission = new Admission({
      get timeMs() {
        return engine.budgetMs * SHARE_OF_BUDGET;
      },
      get eachMs() {
        return engine.eachMs;
      },
      // Not those whose request is still coming in: who sends slowly must not keep others out.
      get underWay() {
        return engine.underWay;
      },
    });
  }

  /** Stands before all that listens to requests of a server: a refusal is to cost as little as can be. */
  guard(server: Server): void {
    const listeners = server.listeners('request') as RequestListener[];
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      if (request.method === 'POST' && PATHS.test(request.url!) && !this.admission.admits(performance.now()))
        this.refuse(response);
      else for (const listener of listeners) listener.call(server, request, response);
    });
  }

  private refuse(response: ServerResponse): void {
    // A 5xx needs none (RFC 9110, 6.6.1).
    response.sendDate = false;
    response.writeHead(503, HEADERS[this.serial++ % HEADERS.length]);
    response.end(BODY, 'latin1');
  }
}
