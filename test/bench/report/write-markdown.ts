import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes sections with an empty line between them; empty ones are left out. */
export function writeMarkdown(file: string, sections: readonly string[]): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${sections.filter((s) => s !== '').join('\n\n')}\n`);
}
