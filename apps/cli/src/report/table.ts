/** A plain-text table: the first column to the left, the others to the right, two spaces between. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `12,345` */
export function whole(value: number): string {
  return Number.isFinite(value) ? WHOLE.format(value) : '–';
}

/** Minor units of a currency with two decimals as whole major units. */
export function money(minor: number): string {
  return whole(minor / 100);
}

/** `12.3 %`; small shares keep a digit. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return '–';
  return `${(share * 100).toFixed(share > 0 && share < 0.01 ? 2 : 1)} %`;
}

/** `1.23 ms` */
export function millis(ms: number): string {
  return Number.isFinite(ms) ? `${ms.toFixed(ms < 10 ? 2 : ms < 100 ? 1 : 0)} ms` : '–';
}

/** Four decimals, a dash where it is not defined. */
export function figure(value: number): string {
  return Number.isFinite(value) ? value.toFixed(4) : '–';
}
