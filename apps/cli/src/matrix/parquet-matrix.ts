import type { SchemaElement } from 'hyparquet';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import { CODED_FIELDS, type CodedField } from '@fraud/contract';
import type { LabelledTransaction } from '@fraud/traffic';

const ROW_GROUP = 65_536;
const OWN_COLUMNS = [
  'label',
  'scenario',
  ...CODED_FIELDS,
  'occurred_at_ms',
  'amount_minor',
  'card_id',
  'transaction_id',
];

/**
 * Writes a training matrix as Parquet, one row group at a time: a float32 column for each feature (NaN = missing), then
 * `label` (boolean), `scenario`, the coded fields as they came (`currency`, `country`, `merchant_category`, `channel`), `occurred_at_ms`, `amount_minor` (minor units of its currency), `card_id` and `transaction_id`.
 */
export class ParquetMatrix {
  rows = 0;
  frauds = 0;
  private readonly writer: ParquetWriter;
  private columns: Columns;

  constructor(
    path: string,
    private readonly features: readonly string[],
  ) {
    const writer = fileWriter(path);
    const taken = features.find((name) => OWN_COLUMNS.includes(name));
    if (taken !== undefined) throw new Error(`a feature is named like a column of the matrix: ${taken}`);
    // Random floats hardly compress; snappy in JavaScript would double the time.
    this.writer = new ParquetWriter({
      writer,
      schema: schemaOf(features),
      codec: 'UNCOMPRESSED',
      statistics: false,
    });
    this.columns = new Columns(features.length);
  }

  /** @param vector one value a feature, copied */
  async add({ transaction, label }: LabelledTransaction, vector: Float32Array): Promise<void> {
    const { columns } = this;
    const row = columns.used++;
    for (let f = 0; f < this.features.length; f++) columns.features[f]![row] = vector[f]!;
    columns.label.push(label?.fraud === true);
    columns.scenario.push(label?.scenario ?? undefined);
    for (const name of CODED_FIELDS) columns.coded[name].push(transaction[name]);
    columns.occurredAtMs.push(BigInt(Date.parse(transaction.occurred_at)));
    columns.amount.push(BigInt(transaction.amount));
    columns.cardId.push(transaction.card_id);
    columns.transactionId.push(transaction.transaction_id);
    this.rows++;
    if (label?.fraud === true) this.frauds++;
    if (columns.used === ROW_GROUP) await this.flush();
  }

  /** Writes what is left and the footer. */
  async close(): Promise<void> {
    if (this.columns.used > 0) await this.flush();
    await this.writer.finish();
  }

  private async flush(): Promise<void> {
    const { columns } = this;
    await this.writer.write({
      columnData: [
        ...this.features.map((name, f) => ({ name, data: columns.features[f]!.subarray(0, columns.used) })),
        { name: 'label', data: columns.label },
        { name: 'scenario', data: columns.scenario },
        ...CODED_FIELDS.map((name) => ({ name, data: columns.coded[name] })),
        { name: 'occurred_at_ms', data: columns.occurredAtMs },
        { name: 'amount_minor', data: columns.amount },
        { name: 'card_id', data: columns.cardId },
        { name: 'transaction_id', data: columns.transactionId },
      ],
      rowGroupSize: ROW_GROUP,
    });
    this.columns = new Columns(this.features.length);
  }
}

/** One row group that is being filled. */
class Columns {
  used = 0;
  readonly features: readonly Float32Array[];
  readonly label: boolean[] = [];
  readonly scenario: (string | undefined)[] = [];
  readonly coded = Object.fromEntries(
    CODED_FIELDS.map((name): [CodedField, (string | undefined)[]] => [name, []]),
  ) as Record<CodedField, (string | undefined)[]>;
  readonly occurredAtMs: bigint[] = [];
  readonly amount: bigint[] = [];
  readonly cardId: string[] = [];
  readonly transactionId: string[] = [];

  constructor(features: number) {
    this.features = Array.from({ length: features }, () => new Float32Array(ROW_GROUP));
  }
}

function schemaOf(features: readonly string[]): SchemaElement[] {
  const required = { repetition_type: 'REQUIRED' } as const;
  const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
  const columns: SchemaElement[] = [
    ...features.map((name): SchemaElement => ({ name, type: 'FLOAT', ...required })),
    { name: 'label', type: 'BOOLEAN', ...required },
    { name: 'scenario', ...text, repetition_type: 'OPTIONAL' },
    ...CODED_FIELDS.map((name): SchemaElement => ({ name, ...text, repetition_type: 'OPTIONAL' })),
    { name: 'occurred_at_ms', type: 'INT64', ...required },
    { name: 'amount_minor', type: 'INT64', ...required },
    { name: 'card_id', ...text, ...required },
    { name: 'transaction_id', ...text, ...required },
  ];
  return [{ name: 'root', num_children: columns.length }, ...columns];
}
