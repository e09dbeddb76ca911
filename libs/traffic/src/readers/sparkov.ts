import { createHash } from 'node:crypto';
import type { Transaction } from '@fraud/contract';
import { CsvError, parse } from 'csv-parse';
import type { LabelledTransaction } from '../labelled-transaction.js';
import type { ByteSource } from './byte-source.js';
import { minorUnits } from './decimal-amount.js';
import { utcTimestamp } from './local-timestamp.js';
import { TrafficFileError } from './traffic-file-error.js';

const COLUMNS = ['trans_date_trans_time', 'cc_num', 'merchant', 'category', 'amt', 'trans_num'] as const;

/** Sparkov's categories as merchant category codes; `_net` and `_pos` say the channel. */
const MCC: Readonly<Record<string, string>> = {
  grocery_pos: '5411',
  grocery_net: '5411',
  gas_transport: '5541',
  shopping_pos: '5311',
  shopping_net: '5311',
  misc_pos: '5999',
  misc_net: '5999',
  entertainment: '7832',
  food_dining: '5812',
  personal_care: '7298',
  health_fitness: '7997',
  kids_pets: '5945',
  home: '5200',
  travel: '4722',
};

type Cells = Readonly<Record<string, string>>;

/** True for the header of a Sparkov file. */
export function isSparkovHeader(line: string): boolean {
  const names = line.replaceAll('"', '').split(',');
  return COLUMNS.every((name) => names.includes(name));
}

/**
 * Reads the output of Sparkov's generator: US dollars, times without a zone are UTC (its `unix_time` is seven years
 * behind and not used). `cc_num` has the form of a real card number, so only a hash of it leaves this reader.
 * @param withLabels whether `is_fraud` becomes the label
 */
export async function* readSparkov(
  source: ByteSource,
  withLabels: boolean,
): AsyncGenerator<LabelledTransaction, void> {
  const stream = source.open();
  const parser = parse({ columns: true, bom: true, info: true, skip_empty_lines: true });
  stream.once('error', (error) => parser.destroy(error));
  stream.pipe(parser);
  const cards = new Map<string, string>();
  let line = 1;
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: Cells;
      info: { lines: number };
    }>) {
      line = info.lines;
      yield toRow(record, cards, withLabels, (message) => new TrafficFileError(source.path, message, line));
    }
  } catch (cause) {
    if (cause instanceof TrafficFileError) throw cause;
    // The parser's own message quotes cells, and one of them is the card number.
    if (cause instanceof CsvError)
      throw new TrafficFileError(source.path, csvFault(cause), Number(cause['lines'] ?? line));
    throw new TrafficFileError(source.path, `cannot be read (${(cause as Error).message})`, line, { cause });
  } finally {
    stream.destroy();
    parser.destroy();
  }
}

/** `CSV_INVALID_CLOSING_QUOTE` as `not CSV (invalid closing quote)`. */
function csvFault({ code }: CsvError): string {
  return `not CSV (${code.replace('CSV_', '').replaceAll('_', ' ').toLowerCase()})`;
}

function toRow(
  cells: Cells,
  cards: Map<string, string>,
  withLabels: boolean,
  fault: (message: string) => TrafficFileError,
): LabelledTransaction {
  const number = cells['cc_num'] ?? '';
  const occurred_at = utcTimestamp(cells['trans_date_trans_time'] ?? '');
  const amount = minorUnits(cells['amt'] ?? '', 2);
  const merchant = slug((cells['merchant'] ?? '').replace(/^fraud_/, ''));
  const id = cells['trans_num'] ?? '';
  if (!/^\d+$/.test(number)) throw fault('cc_num is not a number');
  if (occurred_at === null) throw fault('trans_date_trans_time is not a date and time');
  if (amount === null) throw fault('amt is not an amount with up to 2 decimals');
  if (merchant === '' || id === '') throw fault('merchant or trans_num is empty');
  let card = cards.get(number);
  if (card === undefined) {
    card = tokenise(number);
    cards.set(number, card);
  }
  const category = cells['category'] ?? '';
  const transaction: Transaction = {
    transaction_id: `sparkov-${id}`,
    occurred_at,
    amount,
    currency: 'USD',
    card_id: `card-${card}`,
    customer_id: `customer-${card}`,
    merchant_id: `merchant-${merchant}`.slice(0, 64),
    country: 'US',
  };
  const mcc = MCC[category];
  if (mcc !== undefined) transaction.merchant_category = mcc;
  if (category.endsWith('_net')) transaction.channel = 'ecommerce';
  if (category.endsWith('_pos')) transaction.channel = 'pos';
  const latitude = Number(cells['merch_lat'] || NaN);
  const longitude = Number(cells['merch_long'] || NaN);
  if (Number.isFinite(latitude) && Number.isFinite(longitude))
    Object.assign(transaction, { latitude, longitude });
  if (!withLabels) return { transaction, label: null };
  const fraud = cells['is_fraud'];
  if (fraud !== '0' && fraud !== '1') throw fault('is_fraud is not 0 or 1');
  return { transaction, label: { fraud: fraud === '1', scenario: null } };
}

/** The numbers are made up; a vault's tokens would take this place for real ones. */
function tokenise(cardNumber: string): string {
  return createHash('sha256').update(`sparkov:${cardNumber}`).digest('hex').slice(0, 20);
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
