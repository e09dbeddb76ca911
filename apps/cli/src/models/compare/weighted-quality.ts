/** Rows by falling score, once for all resamples. */
export interface Ranked {
  readonly scores: readonly number[];
  readonly frauds: readonly number[];
  /** Which of the weights a row has. */
  readonly groups: readonly number[];
  readonly order: Uint32Array;
}

export function rankRows(scores: readonly number[], frauds: readonly number[], groups: readonly number[]): Ranked {
  const rows = Uint32Array.from({ length: scores.length }, (_, i) => i);
  return { scores, frauds, groups, order: rows.toSorted((a, b) => scores[b]! - scores[a]!) };
}

export interface Quality {
  readonly averagePrecision: number;
  readonly auc: number;
}

/** Average precision and AUC as if each row were there as often as its group's weight says; ties count together. */
export function weightedQuality({ scores, frauds, groups, order }: Ranked, weights: ArrayLike<number>): Quality {
  let fraud = 0;
  let genuine = 0;
  let precisions = 0;
  let wins = 0;
  for (let i = 0; i < order.length;) {
    const score = scores[order[i]!]!;
    let fraudHere = 0;
    let genuineHere = 0;
    for (; i < order.length && scores[order[i]!] === score; i++) {
      const row = order[i]!;
      const weight = weights[groups[row]!]!;
      if (frauds[row] === 1) fraudHere += weight;
      else genuineHere += weight;
    }
    wins += genuineHere * (fraud + fraudHere / 2);
    fraud += fraudHere;
    genuine += genuineHere;
    if (fraudHere > 0) precisions += (fraudHere * fraud) / (fraud + genuine);
  }
  return { averagePrecision: precisions / fraud, auc: wins / (fraud * genuine) };
}
