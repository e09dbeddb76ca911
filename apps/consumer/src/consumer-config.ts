/** Injection token of the consumer's configuration. */
export const CONSUMER_CONFIG = Symbol('CONSUMER_CONFIG');

/** Injection token of what traces are made by; null where none are. */
export const TRACING = Symbol('TRACING');
