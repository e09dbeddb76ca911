import { Ajv } from 'ajv';
import { ModelRefused } from './model-refused.js';

/** `manifest.json`: what a model is and how to know that it works. Written by training/. */
export interface Manifest {
  readonly format: 1 | 2;
  readonly version: string;
  readonly created_at: string;
  /** Version of the feature catalogue that it was trained on. */
  readonly catalogue_version: string;
  /** Columns of the input, in order. */
  readonly features: readonly string[];
  /** How a missing value is given; the model was trained with it. */
  readonly missing: 'nan';
  readonly model: {
    readonly file: string;
    readonly sha256: string;
    readonly input: string;
    readonly outputs: { readonly score: string; readonly contributions: string };
  };
  /** Log-odds of the mean row: bias + contributions = log-odds of the score. */
  readonly bias: number;
  readonly golden: readonly GoldenRow[];
  readonly training: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, unknown>>;
}

/** A row with what Python made of it. */
export interface GoldenRow {
  /** Null = missing. */
  readonly features: readonly (number | null)[];
  readonly score: number;
  readonly contributions: readonly number[];
}

const text = { type: 'string', minLength: 1 };
const numbers = { type: 'array', items: { type: 'number' } };

const validate = new Ajv({ allErrors: true, strict: false }).compile<Manifest>({
  type: 'object',
  required: [
    'format',
    'version',
    'created_at',
    'catalogue_version',
    'features',
    'missing',
    'model',
    'bias',
    'golden',
    'training',
    'metrics',
  ],
  properties: {
    format: { enum: [1, 2] },
    version: text,
    created_at: text,
    catalogue_version: text,
    features: { type: 'array', minItems: 1, uniqueItems: true, items: text },
    missing: { const: 'nan' },
    model: {
      type: 'object',
      required: ['file', 'sha256', 'input', 'outputs'],
      properties: {
        // A plain file name: a manifest cannot point outside its directory.
        file: { type: 'string', pattern: '^[\\w.-]+\\.onnx$' },
        sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
        input: text,
        outputs: {
          type: 'object',
          required: ['score', 'contributions'],
          properties: { score: text, contributions: text },
        },
      },
    },
    bias: { type: 'number' },
    golden: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['features', 'score', 'contributions'],
        properties: {
          features: { type: 'array', items: { type: ['number', 'null'] } },
          score: { type: 'number', minimum: 0, maximum: 1 },
          contributions: numbers,
        },
      },
    },
    training: { type: 'object' },
    metrics: { type: 'object' },
  },
});

/**
 * Reads a manifest.
 * @throws ModelRefused that names the wrong fields
 */
export function parseManifest(json: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new ModelRefused('manifest_invalid', 'manifest.json is not JSON');
  }
  if (validate(value)) {
    const width = value.features.length;
    const wrong = value.golden.findIndex(
      (row) => row.features.length !== width || row.contributions.length !== width,
    );
    if (wrong < 0) return value;
    throw new ModelRefused(
      'manifest_invalid',
      `golden row ${wrong} of manifest.json does not have ${width} values`,
    );
  }
  const faults = (validate.errors ?? []).map(
    (e) => `${e.instancePath || '(file)'} ${e.message ?? 'is not valid'}`,
  );
  throw new ModelRefused('manifest_invalid', `manifest.json is not valid: ${faults.join('; ')}`);
}
