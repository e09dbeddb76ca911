import type { Manifest } from './manifest.js';
import type { Scores } from './onnx-scorer.js';

/** What the running code can feed to a model. */
export interface ExpectedCatalogue {
  readonly version: string;
  readonly features: readonly string[];
}

/** Where the files of a loaded model came from; cache: S3 did not answer, the copy on disk was used. */
export type ModelOrigin = 'directory' | 's3' | 'cache';

/** A verified, warm model. */
export interface Model {
  readonly manifest: Manifest;
  /** Where its files are on this machine. */
  readonly directory: string;
  readonly source: ModelOrigin;
  /**
   * Name of the folder that was asked for, where one was. It names the deployment, `manifest.version` the model: `v1.2.0`
   * may hold model 1.1.0.
   */
  readonly deployedAs?: string;
  /** Scores rows that lie one after another; NaN = missing. */
  run(vectors: Float32Array, rows: number): Promise<Scores>;
  release(): Promise<void>;
}
