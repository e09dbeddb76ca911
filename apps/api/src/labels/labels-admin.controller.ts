import type { Truth } from '@fraud/contract';
import {
  DAY_MS,
  RecordsUnavailable,
  qualityReport,
  type LabelRecord,
  type QualityReport,
} from '@fraud/records';
import { LABEL_RECORDS, type LabelRecords } from '@fraud/service';
import { Controller, Get, Inject, Query, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AdminGuard } from '../admin/admin.guard.js';
import { ProblemError } from '../errors/problem-error.js';
import { DEFAULT_HORIZON_DAYS, DEFAULT_WEEKS, LOOK_BACK_MS, readQuality } from './read-quality.js';

const ref = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: { $ref: string }) => ({ 'application/json': { schema } });
const away = ApiResponse({
  status: 503,
  description: 'The records are away, or switched off',
  content: { 'application/problem+json': { schema: ref('Problem') } },
});
const refused = ApiResponse({
  status: 400,
  description: 'Not valid; every wrong parameter is named',
  content: { 'application/problem+json': { schema: ref('Problem') } },
});

const MOST_TRANSACTIONS = 100;

/** A label as it is shown: as it came, and when. */
type ShownLabel = Omit<LabelRecord, 'fraud'> & { readonly label: Truth };

/** What labels say, for administrators. */
@ApiTags('labels')
@UseGuards(AdminGuard)
@Controller('v1')
export class LabelsAdminController {
  constructor(@Inject(LABEL_RECORDS) private readonly records: LabelRecords | null) {}

  @Get('labels')
  @ApiOperation({
    summary: 'The labels of a transaction, or of up to 100',
    description:
      'A label that was taken is here once it has come from the spool to the database, within a second or so.',
    operationId: 'labels',
  })
  @ApiQuery({ name: 'transaction_id', required: true, schema: { type: 'string' } })
  @ApiResponse({
    status: 200,
    description: 'Its labels; none where there is none',
    content: json(ref('LabelList')),
  })
  @refused
  @away
  async labels(@Query('transaction_id') id: unknown): Promise<{ labels: ShownLabel[] }> {
    const ids = Array.isArray(id) ? id : [id];
    if (!ids.every((one) => typeof one === 'string' && one !== '') || ids.length > MOST_TRANSACTIONS) {
      const message = `is required, at most ${MOST_TRANSACTIONS} times`;
      const error = { field: 'transaction_id', code: 'required', message };
      throw new ProblemError('invalid_query', { errors: [error] });
    }
    const labels = await this.ask((store) => store.labels(ids as string[]));
    return {
      labels: labels.map(({ transaction_id, fraud, source, labelled_at, received_at, applied_at }) => ({
        transaction_id,
        label: fraud ? 'fraud' : 'legitimate',
        source,
        labelled_at,
        received_at,
        ...(applied_at !== undefined && { applied_at }),
      })),
    };
  }

  @Get('quality')
  @ApiOperation({
    summary: 'How good decisions were, by week of transactions, as far as labels say',
    description:
      'Fraud becomes known late, so each week says which share of its fraud labels should have come by now (`maturity`); only from ' +
      '95 % on what has no label counts as legitimate. Weeks begin on Monday, UTC, and are always whole.',
    operationId: 'quality',
  })
  @ApiQuery({
    name: 'from',
    required: false,
    description: `First moment of the transactions; the week that holds it is the first. Default: ${DEFAULT_WEEKS} weeks before \`to\``,
    schema: { type: 'string', examples: ['2026-01-05', '2026-01-05T00:00:00Z'] },
  })
  @ApiQuery({
    name: 'to',
    required: false,
    description: 'Transactions before this moment; the week that holds it is the last. Default: now',
    schema: { type: 'string' },
  })
  @ApiQuery({
    name: 'horizon_days',
    required: false,
    description: 'Fraud that becomes known later than this is not expected any more',
    schema: { type: 'integer', minimum: 7, maximum: 365, default: DEFAULT_HORIZON_DAYS },
  })
  @ApiResponse({ status: 200, description: 'Weeks, oldest first', content: json(ref('QualityReport')) })
  @refused
  @away
  async quality(@Query() query: Readonly<Record<string, unknown>>): Promise<QualityReport> {
    const now = Date.now();
    const read = readQuality(query, now);
    // Weeks before say how late labels come.
    const from = Math.min(read.fromMs, now - read.horizonDays * DAY_MS) - LOOK_BACK_MS;
    return qualityReport(await this.ask((store) => store.quality(from, read.toMs)), now, read);
  }

  private async ask<T>(question: (store: LabelRecords['store']) => Promise<T>): Promise<T> {
    if (this.records === null) throw new ProblemError('records_unavailable');
    try {
      return await question(this.records.store);
    } catch (cause) {
      throw cause instanceof RecordsUnavailable ? new ProblemError('records_unavailable') : cause;
    }
  }
}
