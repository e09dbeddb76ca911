import type { RecordsReader, RecordsStore } from '@fraud/records';

/** What labels need of the records of a process. */
export interface LabelRecords {
  /**
   * Takes JSON lines, each with its end, by one write that survives the end of the process.
   * @returns false where none of them was kept: the spool is full, or the disk failed
   */
  append(lines: string): boolean;
  readonly store: Pick<RecordsReader, 'labels' | 'quality' | 'scores'> &
    Pick<RecordsStore, 'claimLabels' | 'labelsApplied'>;
}

/** Injection token of the `LabelRecords`; null where records are switched off. */
export const LABEL_RECORDS = Symbol('LABEL_RECORDS');
