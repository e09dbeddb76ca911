import type { RefusalReason } from './refusals.js';

/** A model that must not run; what ran before keeps running. */
export class ModelRefused extends Error {
  override readonly name = 'ModelRefused';

  constructor(
    readonly reason: RefusalReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The words of whatever was thrown. */
export const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
