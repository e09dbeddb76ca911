import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** @param {...string} parts */
export const inRoot = (...parts) => path.join(root, ...parts);

/** @param {string} file an absolute path inside the repository */
export const fromRoot = (file) => path.relative(root, file).split(path.sep).join('/');
