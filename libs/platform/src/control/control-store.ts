/** What all instances of an installation have agreed on; each change counts the revision up by one. */
export interface ControlDocument {
  readonly revision: number;
}

/** The last periods of one length up to one of them: the minutes of the last hour, say. */
export interface CountSpan {
  /** The last of them: whole periods since 1970. */
  readonly at: number;
  /** How many are summed, the last included. */
  readonly periods: number;
  readonly periodMs: number;
}

/** The place where documents and counters lie that all instances share cannot be read or written now. */
export class ControlUnavailable extends Error {
  override readonly name = 'ControlUnavailable';
}

/**
 * Documents that all instances share, such as which model is to decide, and counters over all of them. Small and rarely
 * changed: whoever is interested reads again and again.
 */
export interface ControlStore {
  readonly kind: 'redis' | 'file';
  /**
   * The document as it is now; null where there is none yet, or none any more.
   * @throws ControlUnavailable
   */
  read(name: string): Promise<ControlDocument | null>;
  /**
   * Replaces the document if its revision is `expected`, 0 for none.
   * @returns false where somebody else was first
   * @throws ControlUnavailable
   */
  replace(name: string, expected: number, document: ControlDocument): Promise<boolean>;
  /**
   * Adds to counters of the last period of a span, and tells the sums of the span over all instances. Counters of one name have periods of
   * one length.
   * @throws ControlUnavailable
   */
  count(
    name: string,
    span: CountSpan,
    add: Readonly<Record<string, number>>,
  ): Promise<Record<string, number>>;
  close(): Promise<void>;
}

/** Reads a document; null for what is none, such as half a file. */
export function toDocument(json: string): ControlDocument | null {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null) return null;
    const { revision } = value as Partial<ControlDocument>;
    return Number.isSafeInteger(revision) ? (value as ControlDocument) : null;
  } catch {
    return null;
  }
}

/** The sums by field. */
export function sumOf(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const one of all) for (const [field, n] of Object.entries(one)) sums[field] = (sums[field] ?? 0) + n;
  return sums;
}
