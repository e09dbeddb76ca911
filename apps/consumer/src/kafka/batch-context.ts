import { BaseRpcContext } from '@nestjs/microservices';
import type { Origin } from '../decide/dead-letter.js';

/** The pattern under which a handler gets batches. */
export const BATCH = 'transactions.batch';

/** Where the messages of a batch come from. */
export class BatchContext extends BaseRpcContext<[Origin]> {
  get origin(): Origin {
    return this.getArgByIndex(0) as Origin;
  }
}
