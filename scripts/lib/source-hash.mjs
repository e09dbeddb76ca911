import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const TREES = ['apps', 'libs'];
const FILES = ['tsconfig.json', 'nest-cli.json', 'package-lock.json'];
const SOURCE = /\.(?:ts|mts|json)$/;
const NOT_BUILT = /\.spec\.ts$/;

/**
 * One hash over everything a build reads. Contents rather than times: a checkout changes times, and a clock may lie.
 * @param {string} directory the repository
 */
export function sourceHash(directory) {
  const hash = createHash('sha256');
  for (const file of sourceFiles(directory)) {
    const content = readFileSync(path.join(directory, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** @param {string} directory */
export function sourceFiles(directory) {
  const trees = TREES.flatMap((tree) => walk(directory, tree));
  return [...FILES.filter((file) => existsSync(path.join(directory, file))), ...trees].sort();
}

/** @param {string} directory @param {string} folder @returns {string[]} */
function walk(directory, folder) {
  const absolute = path.join(directory, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : walk(directory, name);
    return SOURCE.test(name) && !NOT_BUILT.test(name) ? [name] : [];
  });
}
