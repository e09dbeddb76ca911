import type { FeatureReplay } from '@fraud/scoring';
import type { LabelledTransaction } from '@fraud/traffic';
import { labelledBatches } from '../replay/labelled-batches.js';
import type { LabelledTraffic } from './matrix-traffic.js';

/** Some rows and their vectors, one each. */
export interface FeatureRows {
  readonly rows: readonly LabelledTransaction[];
  readonly vectors: readonly Float32Array[];
}

/**
 * The vectors of traffic by the pipeline's own features, each with what was known at its time: the transactions before it, and
 * the frauds that happened a label delay before it or earlier.
 * @param batch rows that are computed together; changes no vector
 */
export async function* featureRows(
  traffic: LabelledTraffic,
  replay: FeatureReplay,
  labelDelayMs: number,
  batch: number,
): AsyncGenerator<FeatureRows, void> {
  for await (const { rows, known } of labelledBatches(traffic, batch, labelDelayMs)) {
    for (const { transaction } of known) await replay.know(transaction);
    yield { rows, vectors: await replay.vectors(rows.map((row) => row.transaction)) };
  }
}
