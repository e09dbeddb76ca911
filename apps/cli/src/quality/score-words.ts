/** What no figure of the labels can say, for the help text and every report. */
export const SELECTIVE_LABELS = `Nobody complains of a payment that was stopped, so a declined transaction has mostly no label, and counts as legitimate
whatever it was: what lower thresholds hit looks more legitimate than it is, what higher ones let through looks cheaper, and
the fraud rate of high scores is too low. Reviews of declined transactions are the way to know.`;

/** The words of calibration and what-ifs. */
export const WORDS = `Calibration and what-ifs are of mature weeks alone, by the score of a model with all its features.

mean score    what the model said, on average; fraud rate: what came of it, with its 95 % interval (Wilson)
scores are    "too high" or "too low" where the mean score lies outside of that interval
error         expected calibration error: the mean distance of score and rate over the bins, by their decisions
Brier score   mean squared distance of the score from what came of it; skill: 1 − it ÷ that of saying the fraud rate every time
alerts        decisions with the outcome of the threshold, or a more severe one
legitimate    transactions with an alert that were none; unlabelled: of those, how many nobody said to be legitimate
±             more, or less, than with the threshold in force. "*": a policy takes it only with another threshold moved as well

A what-if counts what labels say of decisions that were made, and moves one threshold. What fraudsters and customers would have
done instead, and what later histories would then have held, it does not know; npm run backtest decides anew. What no threshold
decided (a fallback, a bypass, a degraded answer) stays as it was, and is counted apart.

${SELECTIVE_LABELS}`;
