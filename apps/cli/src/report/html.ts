import { REPORT_STYLE } from './report-style.js';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text that may stand between tags and in attributes. */
export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"]/g, (c) => ESCAPES[c]!);

/**
 * A table with a header; the first column names the rows.
 * @param caption said before the table, also to those who only hear it
 */
export function htmlTable(
  caption: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const head = header.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join('');
  const body = rows
    .map(([first, ...rest]) => {
      const cells = rest.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('');
      return `<tr><th scope="row">${escapeHtml(first ?? '')}</th>${cells}</tr>`;
    })
    .join('\n');
  return `<div class="wide"><table><caption>${escapeHtml(caption)}</caption>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody></table></div>`;
}

/** A page that needs nothing else. @param parts HTML @param style rules beside those that all reports have */
export function htmlPage(title: string, parts: readonly string[], style = ''): string {
  return (
    `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n` +
    `<meta name="viewport" content="width=device-width, initial-scale=1">\n` +
    `<meta name="color-scheme" content="light dark">\n<title>${escapeHtml(title)}</title>\n` +
    `<style>${REPORT_STYLE}${style}</style>\n</head>\n<body><main>\n${parts.join('\n')}\n</main></body>\n</html>\n`
  );
}
