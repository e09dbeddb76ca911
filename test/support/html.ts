/** Elements of a page that are never closed, or closed by another one's end. */
export function unbalanced(html: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, end, name, self] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g)) {
    if (self === '/' || name === 'meta' || name === 'br') continue;
    if (end !== '/') open.push(name!);
    else if (open.pop() !== name) wrong.push(name!);
  }
  return [...open, ...wrong];
}

/** What a page would load or run. */
export const needed = (html: string): string[] =>
  html.match(/https?:|src=|<script|<link|@import|url\(/g) ?? [];

/** Ids of titles and descriptions that a plot names, and that are not there once. */
export function strayIds(html: string): string[] {
  const named = [...html.matchAll(/<svg role="img"[^>]*aria-labelledby="([\w-]+) ([\w-]+)"/g)];
  const times = (tag: string): number => html.split(tag).length - 1;
  return named.flatMap(([, title, desc]) => [
    ...(times(`<title id="${title}">`) === 1 ? [] : [title!]),
    ...(times(`<desc id="${desc}">`) === 1 ? [] : [desc!]),
  ]);
}
