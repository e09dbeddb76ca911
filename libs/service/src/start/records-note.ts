import type { Config } from '@fraud/platform';
import type { Engine } from '@fraud/scoring';

/** Where decisions are recorded, for people. */
export function recordsNote({ records }: Engine, { DATA_DIR }: Pick<Config, 'DATA_DIR'>): string {
  if (records === null) return 'none (RECORDS=off): answers are not kept, and nothing can be labelled';
  return records.kind === 'postgres'
    ? `Postgres (DATABASE_URL), by way of ${DATA_DIR}/spool`
    : `embedded in ${DATA_DIR}, for this process alone (DATABASE_URL makes it real)`;
}
