import { distance } from 'fastest-levenshtein';

/** The known name that is most like another; null where none is near enough to be meant. */
export function nearest(name: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const one of known) {
    const far = distance(name, one);
    if (far >= least) continue;
    least = far;
    best = one;
  }
  return best;
}

/** `; did you mean …?`, or nothing. */
export function orRather(name: string, known: Iterable<string>): string {
  const meant = nearest(name, known);
  return meant === null ? '' : `; did you mean ${meant}?`;
}
