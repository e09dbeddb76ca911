/** Injection token of the consumer's configuration. */
export const CONSUMER_CONFIG = Symbol('CONSUMER_CONFIG');
