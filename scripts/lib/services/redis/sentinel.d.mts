import type { Listening, Place } from '../registry.mjs';

/**
 * The configuration of one sentinel.
 * @param places the primary, its replica, then the sentinels
 * @returns the file
 */
export function writeSentinelFile(place: Place, places: readonly Place[]): string;

export const SENTINELS: number;

export function isSentinel(node: Listening): boolean;

/** Rejects until every sentinel could replace the primary. @param list host:port, comma-separated */
export function probeSentinels(list: string): Promise<void>;
