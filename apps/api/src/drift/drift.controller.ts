import { verdictOf, WINDOWS, type Reading, type Window } from '@fraud/drift';
import { Engine } from '@fraud/scoring';
import { Controller, Get, Inject, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AdminGuard } from '../admin/admin.guard.js';

/** How far the traffic of this process is from what its models were trained on, for administrators: the bins of the score say where thresholds may lie. */
@ApiTags('operations')
@UseGuards(AdminGuard)
@Controller('v1/drift')
export class DriftController {
  constructor(@Inject(Engine) private readonly engine: Engine) {}

  @Get()
  @ApiOperation({
    summary: 'How far the traffic of this process is from what its models were trained on',
    description:
      'By model and window: for each feature that follows behaviour, and for the score, the population stability index over the bins that came with the model. ' +
      'Null where there are too few rows to say anything. Degraded, bypassed and repeated answers are left out. Of all instances together: the metrics.',
    operationId: 'drift',
  })
  @ApiResponse({
    status: 200,
    description:
      'One entry for each model that decides and names its training rows; none where there is no such model',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/DriftReport' } } },
  })
  drift(): object {
    const windows = Object.keys(WINDOWS) as Window[];
    const { drift } = this.engine;
    const of = windows.map((window) => [window, drift?.readings(window) ?? []] as const);
    return {
      models: (of[0]?.[1] ?? []).map(({ version, referenceRows }, m) => ({
        version,
        reference_rows: referenceRows,
        windows: Object.fromEntries(of.map(([window, all]) => [window, shown(all[m]!.readings)])),
      })),
    };
  }
}

const shown = (readings: readonly Reading[]): object => ({
  verdict: verdictOf(readings),
  features: readings,
});
