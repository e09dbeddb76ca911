import { CATALOGUE_VERSION, FEATURE_NAMES } from '@fraud/features';
import type { DecisionRecord, LabelRecord } from '@fraud/records';
import { readVector } from '@fraud/scoring';

/** A record as people read it: what the model saw and what each feature added, by name, and what became known. */
export function showRecord(record: DecisionRecord, labels: readonly LabelRecord[]): object {
  const named = record.decision.versions.features === CATALOGUE_VERSION;
  return {
    ...record,
    // Of another catalogue, places have other names.
    features: named ? byName(record.vector) : null,
    feature_contributions: named && record.contributions !== null ? byName(record.contributions) : null,
    labels: labels.map(({ fraud, source, labelled_at, received_at, applied_at }) => ({
      label: fraud ? 'fraud' : 'legitimate',
      source,
      labelled_at,
      received_at,
      ...(applied_at !== undefined && { applied_at }),
    })),
  };
}

/** A feature that was missing is null. */
function byName(base64: string): Record<string, number | null> {
  const values = readVector(base64);
  return Object.fromEntries(
    FEATURE_NAMES.map((name, i) => [name, Number.isFinite(values[i]) ? values[i]! : null]),
  );
}
