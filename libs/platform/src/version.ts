import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the product lies: the directory of package.json, above this file. */
export const HOME = findHome(import.meta.dirname);

/** Version of the running code. */
export const ENGINE_VERSION = (
  JSON.parse(readFileSync(join(HOME, 'package.json'), 'utf8')) as { version: string }
).version;

function findHome(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('package.json was not found above the code');
  return findHome(parent);
}
