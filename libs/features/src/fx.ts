import { parseYaml, readYamlFile, type YamlFile } from '@fraud/platform';

/** Converts amounts to the reference currency. */
export interface FxTable {
  /** Content hash of the file. */
  readonly version: string;
  /** The file, as it was read; empty where there was none. */
  readonly text?: string;
  /**
   * @param amount minor units of the currency
   * @returns minor units (hundredths) of the reference currency, an integer; NaN for an unknown currency
   */
  convert(amount: number, currency: string): number;
}

interface FxFile {
  readonly reference: string;
  readonly as_of: string;
  readonly currencies: Record<string, { readonly digits: number; readonly per_reference: number }>;
}

const SCHEMA = {
  type: 'object',
  required: ['reference', 'as_of', 'currencies'],
  additionalProperties: false,
  properties: {
    reference: { type: 'string', pattern: '^[A-Z]{3}$' },
    as_of: { type: 'string' },
    currencies: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: '^[A-Z]{3}$' },
      additionalProperties: {
        type: 'object',
        required: ['digits', 'per_reference'],
        additionalProperties: false,
        properties: {
          digits: { type: 'integer', minimum: 0, maximum: 4 },
          per_reference: { type: 'number', exclusiveMinimum: 0 },
        },
      },
    },
  },
};

/**
 * Loads the table.
 * @throws ConfigError where the file is missing or wrong
 */
export function loadFxTable(path: string): FxTable {
  return toTable(readYamlFile<FxFile>(path, SCHEMA));
}

/**
 * The table of a file that was read elsewhere.
 * @throws ConfigError where it is wrong
 */
export function parseFxTable(text: string): FxTable {
  return toTable(parseYaml<FxFile>(text, 'the fx table', SCHEMA));
}

function toTable({ content, version, text }: YamlFile<FxFile>): FxTable {
  const factors = new Map(
    Object.entries(content.currencies).map(([code, c]) => [code, 100 / 10 ** c.digits / c.per_reference]),
  );
  return {
    version,
    text,
    convert: (amount, currency) => Math.round(amount * (factors.get(currency) ?? NaN)),
  };
}
