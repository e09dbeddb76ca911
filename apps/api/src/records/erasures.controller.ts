import { FeatureStoreUnavailable } from '@fraud/features';
import { RecordsUnavailable, type Erasure } from '@fraud/records';
import { Engine } from '@fraud/scoring';
import { Body, Controller, Get, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AdminGuard } from '../admin/admin.guard.js';
import { ProblemError } from '../errors/problem-error.js';
import { readErasure } from './read-erasure.js';

const MOST_SHOWN = 100;
/** Until there are keys with names. */
const BY = 'administrator';

const ref = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object) => ({ 'application/json': { schema } });
const away = ApiResponse({
  status: 503,
  description: 'Records or feature store cannot be reached; ask again',
  content: { 'application/problem+json': { schema: ref('Problem') } },
});

/** Erasure by card, for administrators. The card is in the body: addresses are written to logs on their way. */
@ApiTags('records')
@UseGuards(AdminGuard)
@Controller('v1/erasures')
export class ErasuresController {
  constructor(@Inject(Engine) private readonly engine: Engine) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Take a card out of records, histories, stored decisions and the spool',
    description:
      'What is kept of it is a hash of the card, who asked, why, when, and how much there was. Safe to repeat. What the card does from ' +
      'then on is decided and recorded as of a new card.',
    operationId: 'erase',
  })
  @ApiBody({ required: true, schema: ref('ErasureRequest') })
  @ApiResponse({ status: 200, description: 'It is gone', content: json(ref('Erasure')) })
  @ApiResponse({
    status: 400,
    description: 'Not valid; every wrong field is named, nothing was erased',
    content: { 'application/problem+json': { schema: ref('Problem') } },
  })
  @away
  erase(@Body() body: unknown): Promise<Erasure> {
    const { card_id: cardId, reason } = readErasure(body);
    return answered(this.engine.erase({ cardId, reason, by: BY }));
  }

  @Get()
  @ApiOperation({ summary: `The last ${MOST_SHOWN} erasures, the newest first`, operationId: 'erasures' })
  @ApiResponse({
    status: 200,
    description: 'What was erased, without what it was',
    content: json({
      type: 'object',
      required: ['erasures'],
      properties: { erasures: { type: 'array', items: ref('Erasure') } },
    }),
  })
  @away
  async erasures(): Promise<{ readonly erasures: readonly Erasure[] }> {
    const { records } = this.engine;
    if (records === null) throw new ProblemError('records_unavailable', { detail: 'RECORDS is off' });
    return { erasures: await answered(records.store.erasures(MOST_SHOWN)) };
  }
}

async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof RecordsUnavailable) throw new ProblemError('records_unavailable');
    throw cause instanceof FeatureStoreUnavailable ? new ProblemError('erasure_incomplete') : cause;
  }
}
