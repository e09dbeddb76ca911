import type { Config } from '@fraud/platform';
import type { RecordsReader } from '@fraud/records';
import { UserError } from '../user-error.js';

/** The records, being read. */
export interface OpenedRecords {
  readonly reader: RecordsReader;
  close(): Promise<void>;
}

/** @throws UserError where they cannot be read from here */
export function openRecords(_config: Config): Promise<OpenedRecords> {
  return Promise.reject(
    new UserError('The records cannot be read from here yet: give a file of recorded traffic'),
  );
}
