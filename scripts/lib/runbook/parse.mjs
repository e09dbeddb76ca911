/**
 * @typedef {object} Item what a runbook asks for, or promises
 * @property {'command' | 'setting' | 'answer' | 'document'} kind command: of a fenced shell block, or in the text of a list; setting: a
 *   name in the text of a list; answer: what the command before it prints; document: a fenced block of another language
 * @property {number} line of the file, where it begins
 * @property {string} text a command is on one line, without comments
 * @property {string} language of its block; '' in a list
 * @property {string} section the heading above it
 */

const FENCE = /^\s*(`{3,}|~{3,})\s*(\S*)/;
const HEADING = /^#{1,6}\s+(.*?)\s*$/;
const LIST_ENTRY = /^\s*(?:\d+[.)]|[-*+])\s/;
const SHELLS = ['bash', 'sh', 'shell', 'console'];
/** A line that ends so goes on in the next one. */
const GOES_ON = /(?:\\|\||&&)$/;

/**
 * Everything that a runbook in Markdown has its reader type, in its order.
 * @param {string} markdown
 * @returns {Item[]}
 * @throws Error where a fenced block has no end: what is behind it would be missed
 */
export function parseRunbook(markdown) {
  const lines = markdown.split(/\r?\n/);
  /** @type {Item[]} */
  const items = [];
  let section = '';
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const [, fence = '', language = ''] = FENCE.exec(line) ?? [];
    section = HEADING.exec(line)?.[1] ?? section;
    if (fence === '') {
      if (LIST_ENTRY.test(line)) items.push(...spansOf(line).map((text) => inText(text, at + 1, section)));
      continue;
    }
    const end = lines.findIndex((later, index) => index > at && isEnd(later, fence));
    if (end < 0) throw new Error(`the fenced block of line ${at + 1} has no end`);
    const first = at + 2;
    const block = lines.slice(at + 1, end);
    at = end;
    const place = { language, section };
    if (SHELLS.includes(language))
      items.push(...inShell(block, first).map((item) => ({ ...item, ...place })));
    else items.push({ kind: 'document', line: first, text: block.join('\n'), ...place });
  }
  return items;
}

/** @param {string} line @param {string} fence that opened the block */
function isEnd(line, fence) {
  const closing = line.trim();
  return closing.length >= fence.length && closing === fence.charAt(0).repeat(closing.length);
}

/** @param {string} line of a list */
function spansOf(line) {
  return Array.from(line.matchAll(/`([^`]+)`/g), ([, text = '']) => text.trim());
}

/** A command has words; what is one word names a setting. @param {string} text @param {number} line @param {string} section @returns {Item} */
function inText(text, line, section) {
  return { kind: /\s/.test(text) ? 'command' : 'setting', line, text, language: '', section };
}

/**
 * @param {readonly string[]} block
 * @param {number} first line number of its first line
 * @returns {Pick<Item, 'kind' | 'line' | 'text'>[]}
 */
function inShell(block, first) {
  /** @type {Pick<Item, 'kind' | 'line' | 'text'>[]} */
  const found = [];
  for (let at = 0; at < block.length; at += 1) {
    const line = first + at;
    // What a command prints stands behind it in the same block: an object of JSON.
    if (block[at]?.trim() === '{') {
      const end = block.indexOf('}', at);
      if (end < 0) throw new Error(`the answer of line ${line} has no end`);
      found.push({ kind: 'answer', line, text: block.slice(at, end + 1).join('\n') });
      at = end;
      continue;
    }
    let text = withoutComment(block[at] ?? '');
    while (GOES_ON.test(text) && at + 1 < block.length) {
      at += 1;
      text = `${text.replace(/\s*\\$/, '')} ${withoutComment(block[at] ?? '')}`;
    }
    if (text !== '') found.push({ kind: 'command', line, text });
  }
  return found;
}

/** A prompt is no part of the command, either. @param {string} line */
function withoutComment(line) {
  const quoted = /'[^']*'|"(?:\\.|[^"\\])*"|\\.|(?:^|\s)#.*$/g;
  return line
    .replace(quoted, (part) => (/^\s*#/.test(part) ? '' : part))
    .trim()
    .replace(/^\$\s+/, '');
}
