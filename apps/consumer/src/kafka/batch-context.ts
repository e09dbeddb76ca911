import { BaseRpcContext } from '@nestjs/microservices';
import type { Origin } from './dead-letter.js';

/** The patterns under which handlers get batches, by what is in them. */
export const BATCHES = { transactions: 'transactions.batch', labels: 'labels.batch' } as const;
export type BatchPattern = (typeof BATCHES)[keyof typeof BATCHES];

/** Where the messages of a batch come from. */
export class BatchContext extends BaseRpcContext<[Origin]> {
  get origin(): Origin {
    return this.getArgByIndex(0) as Origin;
  }
}
