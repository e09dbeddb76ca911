import type { Truth } from '@fraud/contract';
import type { LabelRecord } from '@fraud/records';
import { LABEL_RECORDS, type LabelRecords } from '@fraud/service';
import { Controller, Get, Inject, Query, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AdminGuard } from '../admin/admin.guard.js';
import { ProblemError } from '../errors/problem-error.js';
import { askRecords } from './ask-records.js';
import { away, json, refused } from './documented.js';

const MOST_TRANSACTIONS = 100;

/** A label as it is shown: as it came, and when. */
type ShownLabel = Omit<LabelRecord, 'fraud'> & { readonly label: Truth };

/** The labels themselves, for administrators. */
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
    content: json('LabelList'),
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
    const labels = await askRecords(this.records, (store) => store.labels(ids as string[]));
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
}
