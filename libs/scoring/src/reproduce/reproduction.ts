import type { ServedModel } from '@fraud/model';
import type { DecisionRecord, RecordsReader } from '@fraud/records';

/** What a decision is repeated from: all that happened before it, or the vector that was recorded. */
type ReproducedFrom = 'events' | 'vector';

/** Something that is not as it was. */
export interface Difference {
  /** `model`, `policy`, `rules`, `fx table`, `feature catalogue`, `transaction`, `feature <name>`, `contribution <name>` or `answer <field>`. */
  readonly input: string;
  readonly recorded: string;
  readonly now: string;
}

export interface Reproduction {
  readonly source: ReproducedFrom;
  /** The same vector, contributions and answer, to the bit; of the answer all but its timings, and the version of the code. */
  readonly identical: boolean;
  readonly differs: readonly Difference[];
}

/** Where the inputs of a decision are found again. */
export interface Artefacts extends Pick<RecordsReader, 'artefact' | 'labels'> {
  /** Null where there is no such model. @param sha256 its first 12 hex digits */
  model(version: string, sha256: string): Promise<ServedModel | null>;
}

/** What happened before a decision, in the order in which it was decided. */
export type History = AsyncIterable<DecisionRecord> | Iterable<DecisionRecord>;
