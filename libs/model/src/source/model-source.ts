import type { ExpectedCatalogue, Model } from '../model.js';
import type { Check } from '../verify/open-verified.js';

/** Where models come from. */
export interface ModelSource {
  /** As it was configured. */
  readonly uri: string;
  /**
   * Loads a model: found, verified, warm.
   * @param version name of a folder of the source; undefined = the model that lies there itself
   * @param passed told after each check that passed
   * @throws ModelRefused
   */
  load(version: string | undefined, passed?: (check: Check, found: string) => void): Promise<Model>;
  /**
   * The folders that hold a model, in natural order.
   * @throws ModelRefused
   */
  versions(): Promise<readonly string[]>;
}

export interface ModelSourceSettings {
  /** A directory, also as file: URL, or s3://bucket[/prefix]. */
  readonly uri: string;
  /** What a model must have been trained on. */
  readonly catalogue: ExpectedCatalogue;
  /** Largest file that is read or fetched. */
  readonly maxBytes: number;
  /** Where copies of models in S3 are kept. */
  readonly cacheDirectory: string;
  /** Longest time to fetch a model, attempts included, ms. */
  readonly timeoutMs: number;
  /** URL of an S3 other than that of AWS. */
  readonly endpoint: string | undefined;
  /** Undefined: as the AWS SDK finds it. */
  readonly region: string | undefined;
}
