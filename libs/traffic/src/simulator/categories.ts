/** One kind of spending. */
export interface Category {
  /** ISO 18245 merchant category code. */
  readonly mcc: string;
  readonly name: string;
  /** Where it can be bought. */
  readonly venue: 'store' | 'online' | 'both' | 'atm';
  /** Relative frequency among an average cardholder's purchases. */
  readonly weight: number;
  /** Median amount in euros and spread (sigma of the logarithm) over all cardholders. */
  readonly median: number;
  readonly sigma: number;
  /** Open at night. Online shops always are. */
  readonly night: boolean;
  /** How much more (or less) of it is bought while travelling. */
  readonly travelFactor: number;
}

function category(
  mcc: string,
  name: string,
  venue: Category['venue'],
  weight: number,
  median: number,
  sigma: number,
  travelFactor: number,
  night = false,
): Category {
  return { mcc, name, venue, weight, median, sigma, night, travelFactor };
}

export const CATEGORIES: readonly Category[] = [
  category('5411', 'groceries', 'store', 26, 27, 0.75, 0.6),
  category('5812', 'restaurant', 'store', 10, 26, 0.6, 3),
  category('5814', 'fast food', 'store', 13, 8, 0.55, 1.5, true),
  category('5541', 'fuel', 'store', 6, 50, 0.4, 0.5, true),
  category('4111', 'local transport', 'store', 8, 3.4, 0.6, 1.5, true),
  category('5912', 'pharmacy', 'store', 4, 14, 0.7, 0.7),
  category('5651', 'clothing', 'both', 4.5, 46, 0.7, 1.2),
  category('5311', 'department store', 'store', 3, 38, 0.8, 1),
  category('5200', 'home supply', 'both', 2, 44, 0.9, 0.1),
  category('5712', 'furniture', 'both', 0.4, 290, 0.8, 0.05),
  category('5732', 'electronics', 'both', 0.9, 120, 1, 0.5),
  category('5944', 'jewellery', 'store', 0.15, 190, 0.9, 1.5),
  category('7832', 'leisure', 'both', 2.5, 19, 0.5, 1.5),
  category('6011', 'cash machine', 'atm', 4, 60, 0.6, 1.6, true),
  category('5999', 'marketplace', 'online', 7.5, 29, 0.9, 0.4),
  category('5942', 'books', 'online', 1.5, 21, 0.6, 0.3),
  category('5816', 'digital goods', 'online', 5, 6.5, 0.8, 0.8),
  category('4121', 'ride hailing', 'online', 3, 14, 0.5, 2.5),
  category('5811', 'food delivery', 'online', 3, 24, 0.4, 0.5),
  category('7995', 'gambling', 'online', 0.6, 24, 0.9, 0.5),
  category('4722', 'travel agency', 'online', 0.4, 180, 0.8, 1),
  category('4511', 'airline', 'online', 0.4, 160, 0.7, 1),
  category('7011', 'hotel', 'both', 0.5, 140, 0.6, 6),
  category('4814', 'subscription', 'online', 0, 14, 0.6, 0),
];

/** Index of a category by its code. */
export function categoryIndex(mcc: string): number {
  const index = CATEGORIES.findIndex((c) => c.mcc === mcc);
  if (index < 0) throw new RangeError(`no category ${mcc}`);
  return index;
}

export const SUBSCRIPTION = categoryIndex('4814');
export const DIGITAL_GOODS = categoryIndex('5816');
export const CASH_MACHINE = categoryIndex('6011');
export const CLOTHING = categoryIndex('5651');
