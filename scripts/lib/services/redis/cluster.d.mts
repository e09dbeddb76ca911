import type { Place } from '../registry.mjs';

/**
 * What a node knows of its cluster when it starts.
 * @param places the primaries, then a replica of each
 */
export function writeNodesFile(place: Place, places: readonly Place[]): void;

export const PRIMARIES: number;

/** Rejects until the cluster is whole. @param list host:port, comma-separated */
export function probeCluster(list: string): Promise<void>;
