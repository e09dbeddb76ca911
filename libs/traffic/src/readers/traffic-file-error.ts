/** A file that cannot be read as traffic. The message names the file, the line where there is one, and what is accepted. */
export class TrafficFileError extends Error {
  override readonly name = 'TrafficFileError';

  constructor(
    readonly path: string,
    message: string,
    /** Line of the (uncompressed) file, from 1. */
    readonly line: number | null = null,
    options?: ErrorOptions,
  ) {
    super(`${path}${line === null ? '' : `, line ${line}`}: ${message}`, options);
  }
}

/** Said wherever a file is not understood. */
export const ACCEPTED = `Accepted are, plain or gzip:
  - the Fraud Detection Handbook: a directory with transactions.csv.gz (labels.csv.gz beside it), or that file
    (header TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT)
  - Sparkov: a CSV file (header with trans_date_trans_time, cc_num, merchant, category, amt, trans_num)
  - NDJSON: a {"transaction":{…},"label":{"fraud":true,"scenario":null}} or a bare transaction on each line`;
