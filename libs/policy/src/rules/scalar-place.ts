/** A piece of a file, by offsets. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A scalar of a YAML document: what was read, and where it stands, with its quotes or the header of a block. */
interface Scalar {
  readonly value: string;
  readonly range: Range;
}

/**
 * Where a part of a scalar's value stands in the file. Folding, indentation and block headers change white space alone, so the
 * other characters are counted; where escapes change those too, it is the whole scalar.
 */
export function placeInScalar({ value, range }: Scalar, part: Range, text: string): Range {
  const raw = text.slice(range.start, range.end);
  const body = /^[|>]/.test(raw) ? raw.indexOf('\n') : /^["']/.test(raw) ? 1 : 0;
  const characters: number[] = [];
  for (let i = body; i < raw.length; i++) if (!isSpace(raw[i]!)) characters.push(range.start + i);
  const own = [...value].filter((c) => !isSpace(c)).join('');
  const found = characters.map((at) => text[at]).join('');
  if (!found.startsWith(own)) return range;
  const nth = (at: number): number => value.slice(0, at).replaceAll(/\s/g, '').length;
  const first = nth(part.start);
  const after = nth(part.end);
  // Behind the last character: an expression that ends too early.
  const start =
    characters[first] !== undefined && first < own.length
      ? characters[first]
      : characters[own.length - 1]! + 1;
  const end = after > first ? characters[after - 1]! + 1 : start + 1;
  return { start, end };
}

const isSpace = (c: string): boolean => /\s/.test(c);
