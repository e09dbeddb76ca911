import type { Place } from '../registry.mjs';

export function brokerSettings(nodes: number): Record<string, string | number | boolean>;

export function serverProperties(place: Place, places: readonly Place[], topics: string): string;

export function properties(settings: Record<string, string | number | boolean>): string;

export function newClusterId(): string;
