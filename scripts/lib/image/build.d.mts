import type { Engine } from './engine.mjs';

/** Runs every stage of the Dockerfile. @param more arguments of the build */
export function buildImage(engine: Engine, tag: string, more?: readonly string[]): Promise<void>;
