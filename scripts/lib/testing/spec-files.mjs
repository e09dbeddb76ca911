import { readdirSync } from 'node:fs';
import path from 'node:path';

const TREES = ['apps', 'libs', 'scripts', 'test'];

/** Every *.spec.ts of the repository, so that a file no project includes is noticed. @param {string} directory */
export function specFiles(directory) {
  return TREES.flatMap((tree) => walk(directory, tree)).sort();
}

/** @param {string} directory @param {string} folder @returns {string[]} */
function walk(directory, folder) {
  return readdirSync(path.join(directory, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : walk(directory, name);
    return name.endsWith('.spec.ts') ? [name] : [];
  });
}
