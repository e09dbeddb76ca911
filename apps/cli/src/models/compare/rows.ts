/** Rows in event-time order, as models take them. */
export interface Rows {
  /** Rows × features. */
  readonly vectors: Float32Array;
  /** 1 for fraud. */
  readonly frauds: Uint8Array;
  readonly atMs: readonly number[];
}
