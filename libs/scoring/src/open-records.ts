import type { ErrorCode } from '@fraud/contract';
import type { FxTable } from '@fraud/features';
import type { Config, YamlFile } from '@fraud/platform';
import { Records, type RecordsObserver } from '@fraud/records';

/**
 * Opens the records that the configuration names; null where RECORDS is off.
 * @throws RecordsLocked
 */
export function openRecords(config: Config, observer: RecordsObserver): Records | null {
  if (config.RECORDS === 'off') return null;
  return Records.open(
    {
      directory: config.DATA_DIR,
      databaseUrl: config.DATABASE_URL,
      retentionDays: config.RECORDS_RETENTION_DAYS,
      spoolBytes: config.SPOOL_MAX_BYTES,
    },
    observer,
  );
}

/** Keeps what the versions in the answers stand for, so that they can be repeated. */
export function recordArtefacts(
  records: Records,
  policy: Pick<YamlFile<unknown>, 'version' | 'text'>,
  fx: FxTable,
  failed: (code: ErrorCode, rows: number) => void,
): void {
  const artefacts = [
    { kind: 'artefact', name: 'policy', version: policy.version, content: policy.text },
    { kind: 'artefact', name: 'fx', version: fx.version, content: fx.text ?? '' },
  ];
  if (!records.append(artefacts.map((artefact) => `${JSON.stringify(artefact)}\n`).join('')))
    failed('records_unavailable', artefacts.length);
}
