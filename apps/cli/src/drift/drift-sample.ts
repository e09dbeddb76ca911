import type { Reading } from '@fraud/drift';

/** What was read of one model's traffic. */
export interface DriftSample {
  /** Version of the model. */
  readonly model: string;
  /** Rows that it was trained on. */
  readonly reference_rows: number;
  readonly features: readonly Reading[];
}

/** Samples, and where they are from. */
export interface DriftSamples {
  /** For people: `http://127.0.0.1:8000, the last 24 hours`. */
  readonly source: string;
  readonly models: readonly DriftSample[];
}

/** What one process sees itself, and what a recording rule can look back on. */
export type SampleWindow = '1h' | '24h';

export const WINDOW_WORDS: Readonly<Record<SampleWindow, string>> = {
  '1h': 'the last hour',
  '24h': 'the last 24 hours',
};
