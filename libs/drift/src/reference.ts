/**
 * How one column was distributed. Bin i holds edges[i-1] <= value < edges[i]; the shares are one more than the edges, are of all rows, and
 * add up to 1 with `missing`.
 */
export interface ReferenceBins {
  readonly edges: readonly number[];
  readonly shares: readonly number[];
  /** Share of the rows without a value. */
  readonly missing?: number;
  /** Least and greatest value that occurred; what lies outside has a bin of its own. */
  readonly range?: readonly [number, number];
}

/** How the rows were distributed that a model was trained on. */
export interface DriftReference {
  readonly rows: number;
  readonly features: Readonly<Record<string, ReferenceBins>>;
  readonly score: ReferenceBins;
}

/** What the score is called beside the features. */
export const SCORE = 'score';

/** One column that is watched: a feature of the vector, or the score. */
export interface WatchedColumn {
  readonly name: string;
  /** Place in the vector; null for the score. */
  readonly place: number | null;
  readonly edges: readonly number[];
  readonly range: readonly [number, number] | null;
  /** Of each bin, `missing` and `other` included. */
  readonly bins: readonly Bin[];
}

export interface Bin {
  /** `1` … `10` from the lowest values up, `missing`, or `other` for what lies outside the range of the reference. */
  readonly name: string;
  /** Share of the reference's rows. */
  readonly expected: number;
  /** It holds from <= value < to; null = without an end, or unknown, and for those that hold no range. */
  readonly from: number | null;
  readonly to: number | null;
}

/**
 * The columns that a reference lets one watch, the score last.
 * @param features names of the vector's values, in order; what the reference has beyond them is left out
 * @param watched those that drift is watched on
 */
export function watchedColumns(
  reference: DriftReference,
  features: readonly string[],
  watched: readonly string[] = features,
): WatchedColumn[] {
  const columns = features.flatMap((name, place) => {
    const bins = reference.features[name];
    return bins === undefined || !watched.includes(name) ? [] : [columnOf(name, place, bins)];
  });
  return [...columns, columnOf(SCORE, null, reference.score)];
}

function columnOf(
  name: string,
  place: number | null,
  { edges, shares, missing = 0, range }: ReferenceBins,
): WatchedColumn {
  const bins = shares.map((expected, i) => ({
    name: String(i + 1),
    expected,
    from: edges[i - 1] ?? null,
    to: edges[i] ?? null,
  }));
  const apart = { from: null, to: null };
  return {
    name,
    place,
    edges,
    range: range ?? null,
    bins: [
      ...bins,
      { name: 'missing', expected: missing, ...apart },
      { name: 'other', expected: 0, ...apart },
    ],
  };
}
