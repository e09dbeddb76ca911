import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { PAGES } from '../docs/pages.js';
import { UserError } from '../user-error.js';

interface Options {
  readonly check?: true;
  readonly root: string;
}

export function docsCommand(): Command {
  return new Command('docs')
    .summary('write the generated parts of the documentation from the code')
    .description(
      `Writes ${PAGES.map(({ path }) => path).join(', ')} anew, pages between their markers: settings, features, metrics, codes
and schemas, from the declarations that the code runs on.`,
    )
    .option('--check', 'write nothing; name what is stale and end with exit code 1')
    .option('--root <dir>', 'the repository', '.')
    .action(docs);
}

async function docs({ check, root }: Options): Promise<void> {
  const stale: string[] = [];
  for (const { path, refresh } of PAGES) {
    const file = join(root, path);
    const before = await readFile(file, 'utf8');
    const after = refresh(before);
    if (after === before) continue;
    stale.push(path);
    if (check !== true) await writeFile(file, after);
  }
  if (stale.length === 0) process.stdout.write('The documentation is up to date.\n');
  else if (check === true) throw new UserError(`Stale, run npm run docs: ${stale.join(', ')}`);
  else process.stdout.write(`Wrote ${stale.join(', ')}\n`);
}
