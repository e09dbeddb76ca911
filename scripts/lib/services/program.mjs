import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Debian keeps servers in sbin, which ordinary users do not have on their PATH. */
const ALSO = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

/**
 * The program's absolute path, or undefined.
 * @param {string} name
 * @param {string} [searchPath]
 */
export function findProgram(name, searchPath = process.env.PATH ?? '') {
  const candidates = [...searchPath.split(path.delimiter), ...ALSO].map((directory) =>
    path.join(directory, name),
  );
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
