import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean }} LockedPackage */
/** @typedef {{ packages?: Record<string, LockedPackage & { dependencies?: Record<string, string>, devDependencies?: Record<string, string> }> }} Lock */

/**
 * Why dependencies must be installed, or undefined when node_modules is what package-lock.json asks for.
 * npm writes node_modules/.package-lock.json last, so an interrupted install has none.
 * @param {string} directory the repository
 */
export function whyInstall(directory) {
  const wanted = readLock(path.join(directory, 'package-lock.json'));
  const present = readLock(path.join(directory, 'node_modules/.package-lock.json'));
  if (!wanted) return undefined;
  if (!present) return 'dependencies are not installed';
  const stale = firstDifference(wanted, present);
  if (stale) return `${stale} is not the version in package-lock.json`;
  const top = wanted.packages?.[''] ?? {};
  const names = Object.keys({ ...top.dependencies, ...top.devDependencies });
  const missing = names.find(
    (name) => !existsSync(path.join(directory, 'node_modules', name, 'package.json')),
  );
  return missing ? `${missing} is missing from node_modules` : undefined;
}

/**
 * Optional packages of other platforms are rightly absent.
 * @param {Lock} wanted
 * @param {Lock} present
 */
function firstDifference(wanted, present) {
  for (const [place, locked] of Object.entries(wanted.packages ?? {})) {
    if (place === '') continue;
    const found = present.packages?.[place];
    if (!found && locked.optional) continue;
    if (found?.version !== locked.version || found?.integrity !== locked.integrity) {
      return place.replace(/^.*node_modules\//, '');
    }
  }
  return undefined;
}

/** @param {string} file @returns {Lock | undefined} */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
