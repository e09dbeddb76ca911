const PROOF_WIDTH = 200;

/** @typedef {{ line: number, text: string, result: string, proof: string, ok: boolean }} Row */

/** @param {readonly Row[]} rows @returns {string} a row a line, wide as it may be: commands are to be copied */
export function tableOf(rows) {
  const table = [
    ['LINE', 'COMMAND', 'RESULT', 'WHAT IT PRINTED'],
    ...rows.map(({ line, text, result, proof }) => [String(line), text, result, shortened(proof)]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((cells) => (cells[column] ?? '').length)));
  return table
    .map((cells) =>
      cells
        .map((cell, column) =>
          column === 0 ? cell.padStart(widths[0] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** @param {string} proof */
function shortened(proof) {
  const text = proof.replaceAll(/\s+/g, ' ').trim();
  return text.length > PROOF_WIDTH ? `${text.slice(0, PROOF_WIDTH - 1)}…` : text;
}
