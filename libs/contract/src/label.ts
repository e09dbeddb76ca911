import { IsIn, IsString, Matches } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { TOKEN_128 } from './token.js';

/** Who says what a transaction turned out to be. */
export const LABEL_SOURCES = ['chargeback', 'issuer_alert', 'review', 'customer'] as const;
export type LabelSource = (typeof LABEL_SOURCES)[number];

/** What a transaction can turn out to be. */
export const TRUTHS = ['fraud', 'legitimate'] as const;
export type Truth = (typeof TRUTHS)[number];

/**
 * What became known of a transaction, as a caller sends it. Of two labels of a transaction the one that became known later
 * holds, in whatever order they come. Fields that are not named here are ignored.
 */
export class Label {
  @JSONSchema({
    description:
      'The id under which the transaction was decided; a label may come before its decision is recorded',
    examples: ['tx-20260105-000001'],
  })
  @IsString()
  @Matches(TOKEN_128)
  transaction_id!: string;

  @JSONSchema({ description: 'What it turned out to be', examples: ['fraud'] })
  @IsIn(TRUTHS)
  label!: Truth;

  @JSONSchema({ description: 'Who says so', examples: ['chargeback'] })
  @IsIn(LABEL_SOURCES)
  source!: LabelSource;

  @JSONSchema({
    description:
      'When it became known: RFC 3339 with an offset. Of two labels of a transaction the later one holds',
    format: 'date-time',
    examples: ['2026-02-11T09:00:00+01:00'],
  })
  @IsString()
  labelled_at!: string;
}
