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

/** What a process costs that decides, and its store. */
export interface Costs {
  /** CPU of the process. */
  readonly api: Cost;
  /** CPU of Redis: for each node that a turn asks, and for each transaction wherever it is. */
  readonly redis: Cost;
}

/** What of a transaction lies at places of its own: its decision, card, device, address, merchant, terminal, and their marks. */
const KEYS = 7;

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

/** The same, where a turn asked each of so many nodes: what one of them takes to be asked. */
export function fittedByNode(measures: readonly Measured[], nodes: number): Cost {
  const { turn, each } = fitted(measures);
  return { turn: turn / nodes, each };
}

/** µs for a transaction in a turn of so many. */
export const eachOf = ({ turn, each }: Cost, rows: number): number => turn / rows + each;

/** How many of so many nodes a turn asks, on average: its keys lie anywhere. */
export const asked = (nodes: number, rows: number): number => nodes * (1 - (1 - 1 / nodes) ** (rows * KEYS));

/** CPU that all nodes together take for a turn, µs. */
export const storeUs = ({ turn, each }: Cost, nodes: number, rows: number): number =>
  turn * asked(nodes, rows) + each * rows;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
