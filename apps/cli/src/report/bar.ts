const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A share as a bar of so many cells, to an eighth of a cell; always as wide. */
export function bar(share: number, cells = 10): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * cells * 8);
  return ('█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7]!).padEnd(cells, '░');
}
