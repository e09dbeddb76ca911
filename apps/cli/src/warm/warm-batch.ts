/**
 * Rows that go to Redis together: it is held for half a millisecond at a time, so that live traffic beside does not time out; larger ones
 * are hardly faster.
 */
export const WARM_BATCH = 32;
