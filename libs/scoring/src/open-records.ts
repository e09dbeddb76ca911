import type { ErrorCode } from '@fraud/contract';
import type { FxTable } from '@fraud/features';
import type { Config, YamlFile } from '@fraud/platform';
import type { RuleSet } from '@fraud/policy';
import { Records, RecordsUnavailable, type Door, type RecordsObserver } from '@fraud/records';
import { DecisionLog, type RecordSink } from './decision-log.js';

/**
 * Opens the records that the configuration names; null where RECORDS is off.
 * @param without told that they cannot be opened: null then, too. Null: they have to be
 * @throws RecordsLocked
 */
export function openRecords(
  config: Config,
  observer: RecordsObserver,
  without: ((cause: Error) => void) | null = null,
): Records | null {
  if (config.RECORDS === 'off') return null;
  try {
    return Records.open(
      {
        directory: config.DATA_DIR,
        databaseUrl: config.DATABASE_URL,
        retentionDays: config.RECORDS_RETENTION_DAYS,
        spoolBytes: config.SPOOL_MAX_BYTES,
      },
      observer,
    );
  } catch (cause) {
    if (without === null) throw cause;
    without(cause as Error);
    return null;
  }
}

/**
 * Where decisions are written down; null where nothing is to be.
 * @param missing records are wanted, but could not be opened: it is as if they were full
 */
export function logOf(records: Records | null, door: Door | undefined, missing: boolean): DecisionLog | null {
  if (door === undefined) return null;
  if (records !== null) return new DecisionLog(records, door);
  return missing ? new DecisionLog(NO_RECORDS, door) : null;
}

const NO_RECORDS: RecordSink = {
  instance: '',
  full: true,
  append: () => false,
  store: { answers: () => Promise.reject(new RecordsUnavailable('they could not be opened')) },
};

/** Keeps what the versions in the answers stand for, so that they can be repeated. */
export function recordArtefacts(
  records: Records,
  policy: Pick<YamlFile<unknown>, 'version' | 'text'>,
  rules: RuleSet,
  fx: FxTable,
  failed: (code: ErrorCode, rows: number) => void,
): void {
  const artefacts = [
    { kind: 'artefact', name: 'policy', version: policy.version, content: policy.text },
    { kind: 'artefact', name: 'rules', version: rules.version, content: rules.text },
    { kind: 'artefact', name: 'fx', version: fx.version, content: fx.text ?? '' },
  ];
  if (!records.append(artefacts.map((artefact) => `${JSON.stringify(artefact)}\n`).join('')))
    failed('records_unavailable', artefacts.length);
}
