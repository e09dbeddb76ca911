import { RecordsUnavailable } from '@fraud/records';
import type { LabelRecords } from '@fraud/service';
import { ProblemError } from '../errors/problem-error.js';

/**
 * @param records null: they are switched off
 * @throws ProblemError where they cannot be asked
 */
export async function askRecords<T>(
  records: LabelRecords | null,
  question: (store: LabelRecords['store']) => Promise<T>,
): Promise<T> {
  if (records === null) throw new ProblemError('records_unavailable');
  try {
    return await question(records.store);
  } catch (cause) {
    throw cause instanceof RecordsUnavailable ? new ProblemError('records_unavailable') : cause;
  }
}
