/** Fields behind the name of an interface: see proc_net_dev(5). */
const RECEIVED = 0;
const SENT = 8;

/** Bytes over all interfaces, by what /proc/net/dev says. */
export function networkBytes(table: string): { received: number; sent: number } {
  // Two lines of titles come first.
  const interfaces = table
    .trimEnd()
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .slice(line.indexOf(':') + 1)
        .trim()
        .split(/\s+/)
        .map(Number),
    );
  const sum = (field: number): number => interfaces.reduce((all, fields) => all + fields[field]!, 0);
  return { received: sum(RECEIVED), sent: sum(SENT) };
}
