/** Seed of demonstrations. */
export const DEMO_SEED = 42;
/** Seed of training data: a model must not be shown the traffic that it was trained on. */
export const TRAINING_SEED = 7;
/** Seed of the traffic on which two models are compared: neither training nor holdout has seen it. */
export const COMPARISON_SEED = 17;
