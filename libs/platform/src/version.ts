import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Version of the running code: the one in package.json of the root, found upwards from this file. */
export const ENGINE_VERSION = read(import.meta.dirname);

function read(from: string): string {
  const path = join(from, 'package.json');
  if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  const parent = dirname(from);
  if (parent === from) throw new Error('package.json was not found above the code');
  return read(parent);
}
