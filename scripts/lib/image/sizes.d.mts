import type { Engine } from './engine.mjs';

/** The most an image may have without Node. */
export const MOST_MB: number;

/** Megabytes by directory. */
export function sizesOf(
  engine: Engine,
  tag: string,
): Promise<{ readonly product: Record<string, number>; readonly whole: number; readonly node: number }>;
