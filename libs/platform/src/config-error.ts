/** A setting with a wrong value. The message names it, its value and what was expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
