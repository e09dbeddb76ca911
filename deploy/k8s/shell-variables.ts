/**
 * The variables in capitals that a script reads from its environment, and whether it fails, or does another thing, without them:
 * those without a default that it does not set itself.
 */
export function readsOf(script: string): Map<string, boolean> {
  const lines = script
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    // Programs of awk have variables of their own.
    .replaceAll(/'[^']*'/g, "''");
  const names = (pattern: RegExp): string[] => [...lines.matchAll(pattern)].map(([, name]) => name!);
  const byDefault = new Set(names(/\$\{([A-Z][A-Z_]*):?[-=]/g));
  const own = new Set(names(/^\s*([A-Z][A-Z_]*)=/gm));
  const reads = new Map<string, boolean>();
  for (const name of names(/\$\{?([A-Z][A-Z_]*)/g))
    if (byDefault.has(name) || !own.has(name)) reads.set(name, !byDefault.has(name));
  return reads;
}
