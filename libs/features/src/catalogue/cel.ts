import type { Feature } from './feature.js';

/** A type of the Common Expression Language. */
export type CelType = 'double';

/**
 * The variables that a rule's expression finds for features, by name. All are doubles, counts and flags as well: any feature
 * can be missing, and only a double has a value for that, NaN, for which every comparison but `!=` is false. A count as `int`
 * or a flag as `bool` would make something up there; with a missing flag read as false, `!card_new_device` would be true of a
 * card whose devices are not known.
 */
export const celTypes = (features: readonly Feature[]): ReadonlyMap<string, CelType> =>
  new Map(features.map(({ name }) => [name, 'double']));
