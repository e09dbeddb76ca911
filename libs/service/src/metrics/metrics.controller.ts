import { Controller, Get, Inject, Res } from '@nestjs/common';
import { PrometheusController } from '@willsoto/nestjs-prometheus';
import { TextMetrics } from './text-metrics.js';

/** /metrics: what prom-client holds, and what comes as text behind it. */
@Controller()
export class MetricsController extends PrometheusController {
  constructor(@Inject(TextMetrics) private readonly more: TextMetrics) {
    super();
  }

  @Get()
  override async index(@Res({ passthrough: true }) response: unknown): Promise<string> {
    const metrics = await super.index(response);
    // Whoever waits for an answer comes in between.
    await new Promise(setImmediate);
    return metrics + this.more.text();
  }
}
