/** Scored rows with their truth. */
export interface Scored {
  readonly scores: ArrayLike<number>;
  /** 1 for fraud, 0 for genuine. */
  readonly labels: ArrayLike<number>;
}

/** Rows that share one score. */
export interface Tie {
  readonly frauds: number;
  readonly genuine: number;
}

/** The rows by falling score, those of equal score together: no order among them may count for anything. */
export function* rank({ scores, labels }: Scored): Generator<Tie, void> {
  const rows = Uint32Array.from({ length: scores.length }, (_, i) => i);
  const order = rows.toSorted((a, b) => scores[b]! - scores[a]!);
  for (let i = 0; i < order.length;) {
    const score = scores[order[i]!]!;
    let frauds = 0;
    let genuine = 0;
    for (; i < order.length && scores[order[i]!] === score; i++) {
      if (labels[order[i]!] === 1) frauds++;
      else genuine++;
    }
    yield { frauds, genuine };
  }
}
