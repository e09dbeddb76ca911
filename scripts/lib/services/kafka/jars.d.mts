import type { Installation } from '../registry.mjs';

export const kafkaJars: Installation;

export function jarsOfHome(home: string | undefined): string | undefined;
