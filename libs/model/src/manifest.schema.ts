const text = { type: 'string', minLength: 1 };
const instant = { type: 'string', format: 'date-time' };
const share = { type: 'number', minimum: 0, maximum: 1 };
const count = { type: 'integer', minimum: 0 };
const numbers = { type: 'array', items: { type: 'number' } };

/** An object that has all of these, and may have more. */
const all = (properties: object, description?: string): object => ({
  ...(description === undefined ? {} : { description }),
  type: 'object',
  required: Object.keys(properties),
  properties,
});

const range = {
  type: 'array',
  minItems: 2,
  maxItems: 2,
  items: { type: 'number' },
  description:
    'Least and greatest value; what lies outside has a bin of its own. Where it is not there, nothing does',
};

/** Of one column; `more` is required, too. */
const binsOf = (more: object = {}): object => {
  const needed = all({ ...bins, ...more }) as { properties: object };
  return { ...needed, properties: { ...needed.properties, range } };
};

const bins = {
  edges: {
    ...numbers,
    // Sixteen slots of libs/drift, less those of missing values and of values outside the range.
    maxItems: 13,
    description: 'Inner edges, ascending and distinct: bin i holds edges[i-1] <= value < edges[i]',
  },
  shares: {
    type: 'array',
    minItems: 1,
    items: share,
    description: 'Of all rows by bin, one more than edges',
  },
};

/** Older models do not have them. */
const withCategories = (reference: object, description: string): object => {
  const { properties, ...rest } = reference as { properties: object };
  const categories = {
    type: 'object',
    description:
      'By field of the transaction that holds a code; sum(shares) + rare_share + missing + unseen = 1',
    additionalProperties: category,
  };
  return { description, ...rest, properties: { ...properties, categories } };
};

const threshold = all({
  threshold: share,
  target_precision: share,
  precision: share,
  recall: share,
  alert_rate: share,
});

const values = { type: 'array', uniqueItems: true, items: { ...text, maxLength: 64 } };

/** Of one field of the transaction that holds a code. */
const category = all({
  values: { ...values, maxItems: 32, description: 'Frequent values, the most frequent first' },
  shares: { type: 'array', items: share, description: 'Of all rows by frequent value' },
  rare: { ...values, maxItems: 1000, description: 'The other values that were seen' },
  rare_share: { ...share, description: 'Of all rows, what the rare values come to' },
  missing: { ...share, description: 'Of all rows, those without a value' },
  unseen: { ...share, description: 'Of all rows, those with values that there was no room for in rare' },
});

const since2 = {
  calibration: all(
    {
      method: { const: 'platt' },
      slope: { type: 'number', exclusiveMinimum: 0 },
      intercept: { type: 'number' },
      fitted_on: all({ rows: count, frauds: count, from: instant, to: instant }),
    },
    'Log-odds of the score = slope × raw log-odds + intercept; folded into trees, contributions and bias already',
  ),
  suggested_thresholds: all(
    Object.fromEntries(
      ['step_up', 'review', 'decline'].map((outcome) => [outcome, { anyOf: [threshold, { type: 'null' }] }]),
    ),
    'Thresholds for a wanted precision; null where none reaches it. policy.yaml decides',
  ),
  drift_reference: withCategories(
    all({
      rows: count,
      from: instant,
      to: instant,
      features: {
        type: 'object',
        description: 'By feature that drift is watched on; sum(shares) + missing = 1',
        additionalProperties: binsOf({ missing: share }),
      },
      score: binsOf(),
    }),
    'How the rows were distributed that the model was trained on',
  ),
};

const always = {
  format: { enum: [1, 2], description: 'Of this file' },
  version: { ...text, maxLength: 100, description: 'Of the model' },
  created_at: instant,
  catalogue_version: { ...text, description: 'Of the feature catalogue that the model was trained on' },
  features: {
    type: 'array',
    description: 'Columns of the input, in order',
    minItems: 1,
    maxItems: 4096,
    uniqueItems: true,
    items: text,
  },
  missing: { const: 'nan', description: 'How a missing value is given' },
  model: {
    type: 'object',
    required: ['file', 'sha256', 'input', 'outputs'],
    properties: {
      file: {
        type: 'string',
        pattern: String.raw`^[\w-][\w.-]*\.onnx$`,
        description: 'Name of a file beside this one',
      },
      sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      input: { ...text, description: 'float32 [N, features]' },
      outputs: all({
        score: { ...text, description: 'float32 [N] or [N, 1]: probability of fraud' },
        contributions: { ...text, description: 'float32 [N, features]: log-odds that each feature added' },
      }),
      opset: {
        type: 'object',
        description: 'By domain',
        additionalProperties: { type: 'integer', minimum: 1 },
      },
    },
  },
  bias: { type: 'number', description: 'bias + sum(contributions) = log-odds of the score' },
  golden: {
    type: 'array',
    description: 'Rows with what training made of them',
    minItems: 1,
    maxItems: 1024,
    items: all({
      features: { type: 'array', items: { type: ['number', 'null'] }, description: 'null = missing' },
      score: share,
      contributions: numbers,
    }),
  },
  training: { type: 'object' },
  metrics: { type: 'object' },
};

/** What training must tell in format 2. */
const training2 = {
  training: all({ window: all({ from: instant, to: instant }) }),
  metrics: all({ holdout: { type: 'object' } }),
  model: { type: 'object', required: ['opset'] },
};

/** JSON Schema of manifest.json. `npm run docs` writes it to docs/schemas/model-manifest.schema.json. */
export const MANIFEST_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'manifest.json of a model',
  type: 'object',
  required: Object.keys(always),
  properties: { ...always, ...since2 },
  if: { properties: { format: { const: 1 } } },
  else: { required: Object.keys(since2), properties: training2 },
};
