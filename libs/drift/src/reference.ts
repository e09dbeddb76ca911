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

/** Which codes a field of the transaction held. The shares are of all rows, and all of them together are 1. */
export interface ReferenceCodes {
  /** The frequent ones, and the share of each. */
  readonly values: readonly string[];
  readonly shares: readonly number[];
  /** The others that occurred, and what they come to. */
  readonly rare: readonly string[];
  readonly rare_share: number;
  /** Share of the rows without a value. */
  readonly missing: number;
  /** Share of the rows with a value that is in none of the two lists. */
  readonly unseen: number;
}

/** How the rows were distributed that a model was trained on. */
export interface DriftReference {
  readonly rows: number;
  readonly features: Readonly<Record<string, ReferenceBins>>;
  readonly score: ReferenceBins;
  /** By field; older models do not have it. */
  readonly categories?: Readonly<Record<string, ReferenceCodes>>;
}

/** What the score is called beside the features. */
export const SCORE = 'score';

/** One column that is watched: a feature of the vector, the score, or a field of the transaction. */
export interface Column {
  readonly name: string;
  /** All that a value may fall into. */
  readonly bins: readonly Bin[];
}

/** A feature of the vector, or the score. */
export interface NumberColumn extends Column {
  /** Place in the vector; null for the score. */
  readonly place: number | null;
  readonly edges: readonly number[];
  readonly range: readonly [number, number] | null;
}

/** A field of the transaction that holds a code. */
export interface CodeColumn extends Column {
  readonly values: readonly string[];
  readonly rare: readonly string[];
}

export interface Bin {
  /**
   * Of numbers: `1` … `10` from the lowest values up, `missing`, or `other` for what lies outside the range of the reference. Of codes: the
   * code, `rare`, `missing`, or `unseen` for what the reference does not know.
   */
  readonly name: string;
  /** Share of the reference's rows. */
  readonly expected: number;
  /** It holds from <= value < to; null = without an end, or unknown, and for those that hold no range. */
  readonly from: number | null;
  readonly to: number | null;
}

/**
 * The columns of numbers that a reference lets one watch, the score last.
 * @param features names of the vector's values, in order; what the reference has beyond them is left out
 * @param watched those that drift is watched on
 */
export function numberColumns(
  reference: DriftReference,
  features: readonly string[],
  watched: readonly string[] = features,
): NumberColumn[] {
  const columns = features.flatMap((name, place) => {
    const bins = reference.features[name];
    return bins === undefined || !watched.includes(name) ? [] : [numberColumn(name, place, bins)];
  });
  return [...columns, numberColumn(SCORE, null, reference.score)];
}

/** The fields that a reference lets one watch; what it has beyond them is left out. */
export function codeColumns({ categories = {} }: DriftReference, fields: readonly string[]): CodeColumn[] {
  return fields.flatMap((name) => {
    const codes = categories[name];
    return codes === undefined ? [] : [codeColumn(name, codes)];
  });
}

function numberColumn(
  name: string,
  place: number | null,
  { edges, shares, missing = 0, range }: ReferenceBins,
): NumberColumn {
  const bins = shares.map((expected, i) => ({
    name: String(i + 1),
    expected,
    from: edges[i - 1] ?? null,
    to: edges[i] ?? null,
  }));
  return {
    name,
    place,
    edges,
    range: range ?? null,
    bins: [...bins, bin('missing', missing), bin('other', 0)],
  };
}

function codeColumn(
  name: string,
  { values, shares, rare, rare_share, missing, unseen }: ReferenceCodes,
): CodeColumn {
  const frequent = values.map((value, i) => bin(value, shares[i]!));
  const bins = [...frequent, bin('rare', rare_share), bin('missing', missing), bin('unseen', unseen)];
  return { name, values, rare, bins };
}

const bin = (name: string, expected: number): Bin => ({ name, expected, from: null, to: null });
