import { SETTINGS, type Config } from '@fraud/platform';

/** A note for the start where addresses are kept outside of this process under a key that everybody knows. */
export function privacyNote(config: Pick<Config, 'FEATURE_STORE' | 'PSEUDONYM_KEY'>): string | null {
  if (config.FEATURE_STORE === 'memory' || config.PSEUDONYM_KEY !== SETTINGS.PSEUDONYM_KEY.default)
    return null;
  return 'PSEUDONYM_KEY is not set: who reads the Redis can guess the addresses behind the hashes';
}
