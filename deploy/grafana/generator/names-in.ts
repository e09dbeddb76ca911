const WORDS = new Set(['by', 'on', 'bool', 'group_left', 'group_right', 'and', 'or', 'unless', 'ignoring']);

/** The names of series in a query: what is left of it without functions, labels, ranges and words. */
export function namesIn(query: string): readonly string[] {
  const bare = query
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replaceAll(/\b(?:by|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ');
  const names = [...bare.matchAll(/[a-zA-Z_:][\w:]*(?![\w:]*\s*\()/g)].map(([name]) => name);
  return [...new Set(names)].filter((name) => !WORDS.has(name));
}
