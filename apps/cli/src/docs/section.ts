/**
 * Puts generated text between `<!-- generated:NAME -->` and `<!-- /generated:NAME -->`; the rest of the page is
 * written by hand and stays as it is.
 * @throws where the page does not have both markers
 */
export function withSection(page: string, name: string, generated: string): string {
  const begin = `<!-- generated:${name} -->`;
  const end = `<!-- /generated:${name} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`${begin} … ${end} is missing`);
  return `${page.slice(0, from + begin.length)}\n\n${generated}\n\n${page.slice(to)}`;
}
