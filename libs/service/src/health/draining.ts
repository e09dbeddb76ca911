import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';

/** A request that has not arrived so long after draining is cut off, or it would hold up the stop. */
const CUT_AFTER_MS = 2000;

/**
 * The way out: from the signal on not ready, but still answering, with `Connection: close`, so that load
 * balancers and clients go elsewhere; then the server closes.
 */
@Injectable()
export class Draining implements BeforeApplicationShutdown {
  private started = false;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly drainMs: number,
  ) {}

  get active(): boolean {
    return this.started;
  }

  async beforeApplicationShutdown(signal?: string): Promise<void> {
    this.started = true;
    const server = this.host.httpAdapter.getHttpServer() as Server;
    server.prependListener('request', (_: IncomingMessage, response: ServerResponse) => {
      response.shouldKeepAlive = false;
    });
    // Who presses Ctrl-C does not wait for a load balancer.
    if (signal !== 'SIGINT') await sleep(this.drainMs);
    setTimeout(() => {
      server.closeAllConnections();
    }, CUT_AFTER_MS).unref();
  }
}
