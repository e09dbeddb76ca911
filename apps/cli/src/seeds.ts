/** Seed of demonstrations. */
export const DEMO_SEED = 42;
/** Seed of training data: a model must not be shown the traffic that it was trained on. */
export const TRAINING_SEED = 7;
