import type { Channel, Transaction } from '@fraud/contract';
import type { Cardholder } from './cardholder.js';
import { CASH_MACHINE, CATEGORIES } from './categories.js';
import { CURRENCIES, type Currency } from './cities.js';
import { formatInstant } from './instant-format.js';
import type { Merchant } from './merchants.js';
import type { Random } from './random.js';

/** A purchase that will happen: everything of a transaction but its id. */
export interface Purchase {
  /** Event time, milliseconds since the epoch, whole seconds. */
  readonly at: number;
  readonly holder: Cardholder;
  /** The card in use when planned; a blocked card is replaced by its successor. */
  cardId: string;
  readonly merchant: Merchant;
  /** Minor units of the merchant's currency. */
  readonly amount: number;
  readonly channel: Channel;
  /** Index of the merchant's terminal, -1 online. */
  readonly terminal: number;
  readonly device: string | null;
  readonly ip: string | null;
  /** Minutes from UTC of the place where the buyer is. */
  readonly offsetMinutes: number;
}

/** A purchase in a shop or at a cash machine. */
export function inStore(
  holder: Cardholder,
  merchant: Merchant,
  at: number,
  euros: number,
  random: Random,
): Purchase {
  const atm = merchant.category === CASH_MACHINE;
  return {
    at: wholeSecond(at),
    holder,
    cardId: holder.cardId,
    merchant,
    amount: atm ? cashAmount(euros, merchant.city.currency) : price(euros, merchant.city.currency, random),
    channel: atm ? 'atm' : 'pos',
    terminal: random.integer(0, Math.max(0, merchant.terminals.length - 1)),
    device: null,
    ip: null,
    offsetMinutes: merchant.city.offsetMinutes,
  };
}

/** A purchase over the network. @param buyer device, address and the offset of the buyer's local time */
export function online(
  holder: Cardholder,
  merchant: Merchant,
  at: number,
  euros: number,
  buyer: { device: string | null; ip: string | null; offsetMinutes: number },
  random: Random,
  channel: 'ecommerce' | 'recurring' = 'ecommerce',
): Purchase {
  const amount = price(euros, merchant.city.currency, random);
  return {
    at: wholeSecond(at),
    holder,
    cardId: holder.cardId,
    merchant,
    amount,
    channel,
    terminal: -1,
    ...buyer,
  };
}

/** The purchase as the engine sees it. */
export function toTransaction(id: string, p: Purchase): Transaction {
  const { merchant, holder } = p;
  const { city } = merchant;
  const mcc = CATEGORIES[merchant.category]!.mcc;
  const occurred_at = formatInstant(p.at, p.offsetMinutes);
  if (p.terminal >= 0) {
    return {
      transaction_id: id,
      occurred_at,
      amount: p.amount,
      currency: city.currency,
      card_id: p.cardId,
      customer_id: holder.customerId,
      merchant_id: merchant.id,
      terminal_id: merchant.terminals[p.terminal]!,
      merchant_category: mcc,
      channel: p.channel,
      country: city.country,
      latitude: merchant.latitude,
      longitude: merchant.longitude,
    };
  }
  const remote: Transaction = {
    transaction_id: id,
    occurred_at,
    amount: p.amount,
    currency: city.currency,
    card_id: p.cardId,
    customer_id: holder.customerId,
    merchant_id: merchant.id,
    merchant_category: mcc,
    channel: p.channel,
    country: city.country,
  };
  if (p.device !== null) remote.device_id = p.device;
  if (p.ip !== null) remote.ip = p.ip;
  return remote;
}

/** Converts and rounds the way prices are written: many end in round figures, all cost something. */
function price(euros: number, currency: Currency, random: Random): number {
  const { digits, perEuro } = CURRENCIES[currency];
  const scale = 10 ** digits;
  const units = euros * perEuro;
  const ending = random.unit();
  if (ending < 0.25 && units >= 4) return Math.round(units) * scale;
  if (ending < 0.45 && units >= 4) return Math.round(units) * scale - (digits === 0 ? 0 : 1);
  return Math.max(1, Math.round(units * scale));
}

/** Cash comes in notes. */
function cashAmount(euros: number, currency: Currency): number {
  const { digits, perEuro } = CURRENCIES[currency];
  const note = perEuro > 100 ? 1000 : perEuro > 5 ? 100 : 10;
  return Math.max(note, Math.round((euros * perEuro) / note) * note) * 10 ** digits;
}

function wholeSecond(at: number): number {
  return Math.floor(at / 1000) * 1000;
}
