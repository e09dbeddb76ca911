import { LABEL_DELAY_MS, VECTOR_LENGTH } from '@fraud/features';
import type { Config } from '@fraud/platform';
import { openFeatureReplay } from '@fraud/scoring';
import { simulate, type SimulationOptions } from '@fraud/traffic';
import { labelledBatches } from '../../replay/labelled-batches.js';
import type { Rows } from './rows.js';

const BATCH = 256;

/** Simulated traffic through the pipeline's own features; a fraud is known so long after it happened as in service. */
export async function* simulatedRows(config: Config, traffic: SimulationOptions): AsyncGenerator<Rows, void> {
  const replay = openFeatureReplay(config);
  for await (const { rows, known } of labelledBatches(simulate(traffic), BATCH, LABEL_DELAY_MS)) {
    for (const { transaction } of known) await replay.know(transaction);
    const vectors = new Float32Array(rows.length * VECTOR_LENGTH);
    const found = await replay.vectors(rows.map((row) => row.transaction));
    for (const [i, vector] of found.entries()) vectors.set(vector, i * VECTOR_LENGTH);
    yield {
      vectors,
      frauds: Uint8Array.from(rows, (row) => (row.label?.fraud === true ? 1 : 0)),
      atMs: rows.map((row) => Date.parse(row.transaction.occurred_at)),
    };
  }
}
