/** A place in the order in which decisions were made. */
export interface Place {
  /** RFC 3339, to the millisecond. */
  readonly decidedAt: string;
  readonly sequence: number;
  readonly decisionId: string;
}

const PLACE =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (\d{1,15}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export const writeCursor = ({ decidedAt, sequence, decisionId }: Place): string =>
  Buffer.from(`${decidedAt} ${sequence} ${decisionId}`).toString('base64url');

/** @throws RangeError */
export function readCursor(cursor: string): Place {
  const found = PLACE.exec(Buffer.from(cursor, 'base64url').toString());
  if (found === null || Number.isNaN(Date.parse(found[1]!))) throw new RangeError('cursor');
  return { decidedAt: found[1]!, sequence: Number(found[2]), decisionId: found[3]! };
}
