/**
 * FNV-1a over a token's characters, never 0, so that 0 can mean *absent*.
 * Tells tokens of one card's history apart; collisions are 1 in 2³² (or 2²⁴) and harmless there.
 */
export function tokenHash(token: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < token.length; i++) h = Math.imul(h ^ token.charCodeAt(i), 0x01000193);
  return h >>> 0 || 1;
}

/** The same in 24 bits. */
export function tokenHash24(token: string): number {
  const h = tokenHash(token);
  return ((h >>> 24) ^ h) & 0xffffff || 1;
}
