import type { Manifest } from '../manifest.js';
import { ModelRefused } from '../model-refused.js';

const FOLDER = /^[A-Za-z0-9][\w.+-]{0,99}$/;

/**
 * A version names one folder, and nothing outside.
 * @throws ModelRefused path_outside
 */
export function requireVersionName(version: string): void {
  if (FOLDER.test(version)) return;
  throw new ModelRefused(
    'path_outside',
    `MODEL_VERSION ${JSON.stringify(version)} is not the name of a folder: expected letters, digits and . _ + -, up to 100, first a letter or digit`,
  );
}

/**
 * A model that lies in no folder of its own has to be of the version that was asked for; `v1.2.0` is version 1.2.0.
 * @throws ModelRefused version_mismatch
 */
export function requireVersion({ version: found }: Manifest, asked: string, where: string): void {
  if (asked === found || asked === `v${found}`) return;
  throw new ModelRefused(
    'version_mismatch',
    `${where} holds version ${found}, not ${asked}, and no folder of that name`,
  );
}

/** By the numbers in them: v1.10.0 after v1.9.0. */
export const inNaturalOrder = (versions: Iterable<string>): string[] =>
  [...versions].toSorted(new Intl.Collator('en', { numeric: true }).compare);

/** What to say where a model was not found. */
export function elsewhere(versions: readonly string[]): string {
  if (versions.length === 0) return '';
  const shown = versions.slice(-10).join(', ');
  return `; MODEL_VERSION can be ${shown}${versions.length > 10 ? ' and older ones' : ''}`;
}
