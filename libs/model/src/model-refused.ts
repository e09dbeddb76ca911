/** Why a model was not loaded. */
export type RefusalReason =
  | 'not_found'
  | 'registry_unavailable'
  | 'manifest_invalid'
  | 'version_mismatch'
  | 'catalogue_mismatch'
  | 'hash_mismatch'
  | 'not_loadable'
  | 'golden_mismatch';

/** A model that must not run; what ran before keeps running. */
export class ModelRefused extends Error {
  override readonly name = 'ModelRefused';

  constructor(
    readonly reason: RefusalReason,
    message: string,
  ) {
    super(message);
  }
}
