import type { Coded } from '@fraud/contract';
import { DriftMonitor } from '@fraud/drift';
import type { Config } from '@fraud/platform';
import type { DecisionRecord, RecordsReader } from '@fraud/records';
import { readVector, WATCHABLE } from '@fraud/scoring';
import { openRecords } from '../records/open-records.js';
import { findModel } from '../reproduce/find-model.js';
import { UserError } from '../user-error.js';
import type { DriftSample, DriftSamples } from './drift-sample.js';

const PAGE = 1000;

/**
 * What was decided in a period, from the recorded vectors and scores. What was degraded is left out, as live.
 * @param show told how many were read
 * @throws UserError where nothing was recorded, or a model is not at MODEL_URI any more
 */
export async function driftFromRecords(
  config: Config,
  fromMs: number,
  toMs: number,
  show: (rows: number) => void,
): Promise<DriftSamples> {
  const records = await openRecords(config);
  const monitors = new Map<string, { model: string; monitor: DriftMonitor }>();
  let rows = 0;
  try {
    for await (const record of decided(records.reader, fromMs, toMs)) {
      rows += 1;
      if (rows % PAGE === 0) show(rows);
      const { score, degraded, versions } = record.decision;
      if (score === undefined || degraded.length > 0) continue;
      const key = `${versions.model} ${versions.model_sha256}`;
      const watched = monitors.get(key) ?? (await watch(config, versions.model, versions.model_sha256));
      monitors.set(key, watched);
      const coded: Coded = record.transaction;
      watched.monitor.add(readVector(record.vector), 0, score, coded);
    }
  } finally {
    await records.close();
  }
  const source = `${rows} recorded decisions from ${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`;
  if (rows === 0) throw new UserError(`There are ${source}: give --from and --to.`);
  const models = [...monitors.values()].map(({ model, monitor }): DriftSample => ({
    model,
    reference_rows: monitor.reference.rows,
    features: monitor.everything(),
  }));
  return { source, models };
}

async function* decided(reader: RecordsReader, fromMs: number, toMs: number): AsyncGenerator<DecisionRecord> {
  let cursor: string | undefined;
  do {
    const query = { fromMs, toMs, order: 'oldest' as const, limit: PAGE };
    const page = await reader.page(cursor === undefined ? query : { ...query, cursor });
    yield* page.records;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

async function watch(
  config: Config,
  version: string,
  sha256: string,
): Promise<{ model: string; monitor: DriftMonitor }> {
  const model = await findModel(config, version, sha256);
  if (model === null)
    throw new UserError(`Model ${version} (${sha256}) decided then, and is not at MODEL_URI any more.`);
  const { drift_reference: reference } = model.manifest;
  await model.retire();
  if (reference === undefined)
    throw new UserError(
      `The manifest of model ${version} does not say how its training rows were distributed.`,
    );
  return { model: version, monitor: new DriftMonitor(reference, WATCHABLE) };
}
