/** What something costs for a turn, and for each transaction in it, µs. */
export interface Cost {
  readonly turn: number;
  readonly each: number;
}

/** One measure: so many transactions in a turn on average, and what each of them cost, µs. */
export interface Measured {
  readonly rows: number;
  readonly eachUs: number;
}

/** What one process and its store cost; nothing of it depends on how many there are. */
export interface Costs {
  /** CPU of the process. */
  readonly api: Cost;
  /** CPU of Redis, of all its nodes. */
  readonly redis: Cost;
}

/**
 * The cost of a turn and of a transaction that fit measures best (least squares on what each transaction cost). A transaction of a turn of
 * n costs `turn / n + each`.
 */
export function fitted(measures: readonly Measured[]): Cost {
  const n = measures.length;
  const xs = measures.map(({ rows }) => 1 / rows);
  const ys = measures.map(({ eachUs }) => eachUs);
  const meanX = sum(xs) / n;
  const meanY = sum(ys) / n;
  const covariance = sum(xs.map((x, i) => (x - meanX) * (ys[i]! - meanY)));
  const variance = sum(xs.map((x) => (x - meanX) ** 2));
  const turn = variance === 0 ? 0 : Math.max(0, covariance / variance);
  return { turn, each: meanY - turn * meanX };
}

/** µs for a transaction in a turn of so many. */
export const eachOf = ({ turn, each }: Cost, rows: number): number => turn / rows + each;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
