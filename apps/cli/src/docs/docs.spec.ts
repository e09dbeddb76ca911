import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { check, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { markdownTable } from './markdown-table.js';
import { PAGES } from './pages.js';
import { withSection } from './section.js';

const repository = resolve(import.meta.dirname, '../../../..');

describe.each(PAGES)('$path', ({ path, refresh }) => {
  const file = join(repository, path);
  const committed = readFileSync(file, 'utf8');

  it('says what the code says', () => {
    expect(committed, `${path} is stale; run: npm run docs`).toBe(refresh(committed));
  });

  it('is formatted as prettier formats it when generated', async () => {
    const options = await resolveConfig(file);
    expect(await check(refresh(committed), { ...options, filepath: file })).toBe(true);
  });
});

describe('a generated section', () => {
  const page = '# Title\n\n<!-- generated:x -->\n\nold\n\n<!-- /generated:x -->\n\nBy hand.\n';

  it('is replaced between its markers alone', () => {
    expect(withSection(page, 'x', 'new')).toBe(page.replace('old', 'new'));
  });

  it('is the same when generated again', () => {
    expect(withSection(withSection(page, 'x', 'new'), 'x', 'new')).toBe(withSection(page, 'x', 'new'));
  });

  it('needs both markers', () => {
    expect(() => withSection('# Title\n', 'x', 'new')).toThrow('<!-- generated:x -->');
    expect(() => withSection('<!-- generated:x -->\n', 'x', 'new')).toThrow('is missing');
  });
});

describe('a table', () => {
  it('is padded, and a bar in a cell does not end the cell', () => {
    expect(markdownTable(['A', 'Long'], [['a|b', 'c']])).toBe(
      ['| A    | Long |', '| ---- | ---- |', String.raw`| a\|b | c    |`].join('\n'),
    );
  });
});
