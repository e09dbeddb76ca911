import type { Feature } from './feature.js';

/** What stands behind a value. */
const UNITS: Readonly<Record<Feature['unit'], string>> = {
  'EUR-equivalent': ' EUR-equivalent',
  count: '',
  ratio: '',
  seconds: ' s',
  hours: ' h',
  days: ' days',
  flag: '',
  km: ' km',
  'km/h': ' km/h',
  'standard deviations': ' standard deviations',
};

/** Descriptions of flags say when they are 1. */
const FLAG = /^1 (where|from|on) /;

/**
 * A feature and its value in plain words, made from its declaration: `Transactions of the card in one hour: 7`.
 * @param value null where it is missing
 */
export function sentenceOf({ description, unit }: Feature, value: number | null): string {
  if (unit !== 'flag') return `${description}: ${value === null ? 'not known' : `${value}${UNITS[unit]}`}`;
  const claim = description.replace(FLAG, (_, word: string) => (word === 'where' ? '' : `${word} `));
  const said = `${claim.charAt(0).toUpperCase()}${claim.slice(1)}`;
  if (value === null) return `${said}: not known`;
  return `${said}: ${value === 0 ? 'no' : 'yes'}`;
}
