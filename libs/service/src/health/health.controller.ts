import { ENGINE_VERSION } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { HealthCheckService, HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { Draining } from './draining.js';
import { Liveness } from './liveness.js';
import { Readiness } from './readiness.js';
import { StoreHealth } from './store-health.js';

/** `2026-01-05T13:37:00Z`, whole seconds. */
const timestamp = (): string => `${new Date().toISOString().slice(0, 19)}Z`;

/**
 * Liveness is the process alone, and whether its work moves. Readiness is the model, and not being on the way out; a store that is
 * away only degrades: failing on a dependency that all instances share would take them all away.
 */
@ApiTags('operations')
@Controller()
export class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(Engine) private readonly engine: Engine,
    @Inject(StoreHealth) private readonly store: StoreHealth,
    @Inject(Draining) private readonly draining: Draining,
    @Inject(Liveness) private readonly liveness: Liveness,
    @Inject(Readiness) private readonly readiness: Readiness,
  ) {}

  @Get('health')
  @ApiOperation({ summary: 'Is the process alive', operationId: 'health' })
  @ApiResponse({ status: 200, description: 'It is' })
  @ApiResponse({ status: 503, description: 'A part of it stands still, as `failures` says: restart it' })
  async alive(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    await this.health.check([]);
    const { failures } = this.liveness;
    const alive = Object.keys(failures).length === 0;
    if (!alive) void reply.status(503);
    return {
      status: alive ? 'healthy' : 'unhealthy',
      timestamp: timestamp(),
      uptime_seconds: Math.floor(process.uptime()),
      version: ENGINE_VERSION,
      ...(alive ? {} : { failures }),
    };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Should it get traffic', operationId: 'ready' })
  @ApiResponse({ status: 200, description: 'It should; `degraded` says what answers go without' })
  @ApiResponse({ status: 503, description: 'It should not; `checks` says why' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const { ok, details } = await this.check();
    void reply.status(ok ? 200 : 503);
    return {
      status: ok ? 'ready' : 'not_ready',
      timestamp: timestamp(),
      degraded: [
        ...(this.store.up ? [] : ['features_unavailable']),
        ...(this.engine.records?.full === true ? ['records_unavailable'] : []),
        ...(this.engine.bypass.active ? ['bypassed'] : []),
      ],
      checks: details,
    };
  }

  private async check(): Promise<{ ok: boolean; details: HealthIndicatorResult }> {
    try {
      const result = await this.health.check([
        () => {
          const model = this.indicators.check('model');
          const { unavailable } = this.engine.models;
          // Nothing is asked of it, and the rollout of a bypass is not to stall.
          if (this.engine.bypass.active) return model.up({ bypassed: true });
          if (unavailable === null) return model.up({ version: this.engine.versions.model });
          return model.down({ code: unavailable.reason, message: unavailable.message });
        },
        () =>
          this.indicators.check('feature_store').up({ kind: this.engine.storeKind, answers: this.store.up }),
        () => {
          const lifecycle = this.indicators.check('lifecycle');
          return this.draining.active ? lifecycle.down({ draining: true }) : lifecycle.up();
        },
        ...this.readiness.all.map(([name, state]) => () => {
          const { ready, ...details } = state();
          const part = this.indicators.check(name);
          return ready ? part.up(details) : part.down(details);
        }),
      ]);
      return { ok: true, details: result.details };
    } catch (failure) {
      const response = (failure as { getResponse?: () => unknown }).getResponse?.();
      const details = (response as { details?: HealthIndicatorResult } | undefined)?.details;
      return { ok: false, details: details ?? {} };
    }
  }
}
