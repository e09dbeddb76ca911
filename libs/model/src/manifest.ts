/** `manifest.json`: what a model is and how to know that it works. Written by training/. */
export interface Manifest {
  /** 1 has neither calibration nor drift reference. */
  readonly format: 1 | 2;
  readonly version: string;
  /** RFC 3339 */
  readonly created_at: string;
  /** Version of the feature catalogue that it was trained on. */
  readonly catalogue_version: string;
  /** Columns of the input, in order. */
  readonly features: readonly string[];
  /** How a missing value is given; the model was trained with it. */
  readonly missing: 'nan';
  readonly model: ModelFile;
  /** Log-odds of the mean row: bias + contributions = log-odds of the score. */
  readonly bias: number;
  /** Folded into the trees already; here to be known. */
  readonly calibration?: Calibration;
  /** Thresholds with the precision that they were chosen for; null where none reaches it. */
  readonly suggested_thresholds?: Readonly<
    Record<'step_up' | 'review' | 'decline', SuggestedThreshold | null>
  >;
  readonly golden: readonly GoldenRow[];
  readonly training: { readonly window?: Window; readonly trees?: number } & Readonly<
    Record<string, unknown>
  >;
  readonly metrics: { readonly holdout?: Readonly<Record<string, unknown>> } & Readonly<
    Record<string, unknown>
  >;
  readonly drift_reference?: DriftReference;
}

/** The ONNX file beside the manifest. */
interface ModelFile {
  readonly file: string;
  readonly sha256: string;
  readonly input: string;
  readonly outputs: { readonly score: string; readonly contributions: string };
  /** By domain. */
  readonly opset?: Readonly<Record<string, number>>;
}

/** RFC 3339, `to` included. */
interface Window {
  readonly from: string;
  readonly to: string;
}

/** calibrated log-odds = slope × raw log-odds + intercept */
interface Calibration {
  readonly method: 'platt';
  readonly slope: number;
  readonly intercept: number;
  readonly fitted_on: Window & { readonly rows: number; readonly frauds: number };
}

interface SuggestedThreshold {
  readonly threshold: number;
  readonly target_precision: number;
  readonly precision: number;
  readonly recall: number;
  readonly alert_rate: number;
}

/** How the training rows were distributed, for drift. */
export interface DriftReference extends Window {
  readonly rows: number;
  /** Of the features that drift is watched on. */
  readonly features: Readonly<Record<string, Bins & { readonly missing: number }>>;
  readonly score: Bins;
  /** Of fields of the transaction that hold codes; older models do not have it. */
  readonly categories?: Readonly<Record<string, CategoryShares>>;
}

/** Which values a field had. Shares are of all rows: all of them together are 1. */
export interface CategoryShares {
  /** The frequent ones, the most frequent first, and the share of each. */
  readonly values: readonly string[];
  readonly shares: readonly number[];
  /** The others that were seen, and what they come to. */
  readonly rare: readonly string[];
  readonly rare_share: number;
  readonly missing: number;
  /** Of rows with values that there was no room for in `rare`. */
  readonly unseen: number;
}

/** Bin i holds edges[i-1] <= value < edges[i]; the shares, of all rows, are one more than the edges. */
export interface Bins {
  readonly edges: readonly number[];
  readonly shares: readonly number[];
  /** Least and greatest value; older models do not have it. */
  readonly range?: readonly [number, number];
}

/** A row with what Python made of it. */
export interface GoldenRow {
  /** Null = missing. */
  readonly features: readonly (number | null)[];
  readonly score: number;
  readonly contributions: readonly number[];
}
