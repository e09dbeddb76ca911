const SHAPE = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d$/;

/** `2018-04-01 00:00:31`, a zoneless time that counts as UTC, in RFC 3339; null where it is not one. */
export function utcTimestamp(text: string): string | null {
  return SHAPE.test(text) ? `${text.slice(0, 10)}T${text.slice(11)}Z` : null;
}
