import {
  IsIn,
  IsInt,
  IsIP,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { TOKEN_64, TOKEN_128 } from './token.js';

export const CHANNELS = ['pos', 'ecommerce', 'atm', 'moto', 'recurring', 'other'] as const;
export type Channel = (typeof CHANNELS)[number];

/** The fields of a transaction that hold one of a known set of codes, and neither an id nor an amount. */
export const CODED_FIELDS = ['currency', 'country', 'merchant_category', 'channel'] as const;
export type CodedField = (typeof CODED_FIELDS)[number];
/** Those of a transaction. */
export type Coded = Pick<Transaction, CodedField>;

/**
 * One card transaction as a caller sends it. This class is the one declaration of the contract:
 * the validator of the hot path and the OpenAPI document are both compiled from it.
 * Fields that are not named here are ignored.
 */
export class Transaction {
  @JSONSchema({
    description:
      "The caller's unique id of this transaction; a repeat with the same content gets the same answer",
    examples: ['tx-20260105-000001'],
  })
  @IsString()
  @Matches(TOKEN_128)
  transaction_id!: string;

  @JSONSchema({
    description: 'When it happened: RFC 3339 with an offset; the offset gives the local time of the purchase',
    format: 'date-time',
    examples: ['2026-01-05T13:37:00+01:00'],
  })
  @IsString()
  occurred_at!: string;

  @JSONSchema({ description: 'Amount in minor units of the currency (1234 = 12.34 EUR)', examples: [1234] })
  @IsInt()
  @Min(0)
  @Max(999_999_999_999)
  amount!: number;

  @JSONSchema({ description: 'ISO 4217 code, upper case', examples: ['EUR'] })
  @IsString()
  @Matches(/^[A-Z]{3}$/)
  currency!: string;

  @JSONSchema({
    description: 'Token of the card. A real card number (13–19 digits, Luhn-valid) is refused',
    examples: ['card-7f3a91'],
  })
  @IsString()
  @Matches(TOKEN_64)
  card_id!: string;

  @JSONSchema({ description: 'Id of the merchant', examples: ['merchant-042'] })
  @IsString()
  @Matches(TOKEN_64)
  merchant_id!: string;

  @JSONSchema({ description: 'Id of the customer who holds the card' })
  @IsOptional()
  @IsString()
  @Matches(TOKEN_64)
  customer_id?: string;

  @JSONSchema({ description: 'Id of the terminal that accepted the card' })
  @IsOptional()
  @IsString()
  @Matches(TOKEN_64)
  terminal_id?: string;

  @JSONSchema({ description: 'ISO 18245 merchant category code, four digits', examples: ['5411'] })
  @IsOptional()
  @IsString()
  @Matches(/^\d{4}$/)
  merchant_category?: string;

  @JSONSchema({ description: 'How the card was used', examples: ['ecommerce'] })
  @IsOptional()
  @IsIn(CHANNELS)
  channel?: Channel;

  @JSONSchema({ description: 'ISO 3166-1 alpha-2 country of the purchase, upper case', examples: ['FR'] })
  @IsOptional()
  @IsString()
  @Matches(/^[A-Z]{2}$/)
  country?: string;

  @JSONSchema({ description: "Token of the cardholder's device" })
  @IsOptional()
  @IsString()
  @Matches(TOKEN_128)
  device_id?: string;

  @JSONSchema({
    description: "The cardholder's IPv4 or IPv6 address",
    format: 'ip',
    examples: ['203.0.113.7'],
  })
  @IsOptional()
  @IsIP()
  ip?: string;

  @JSONSchema({ description: 'Hash of the e-mail address, hexadecimal' })
  @IsOptional()
  @IsString()
  @Matches(/^[0-9a-fA-F]{32,128}$/)
  email_hash?: string;

  @JSONSchema({ description: 'Latitude of the purchase in degrees', examples: [48.8566] })
  @IsOptional()
  @IsNumber()
  @Min(-90)
  @Max(90)
  latitude?: number;

  @JSONSchema({ description: 'Longitude of the purchase in degrees', examples: [2.3522] })
  @IsOptional()
  @IsNumber()
  @Min(-180)
  @Max(180)
  longitude?: number;

  @JSONSchema({ description: "The caller's own data; kept, not interpreted", additionalProperties: true })
  @IsOptional()
  @IsObject()
  metadata?: Record<string, unknown>;
}
