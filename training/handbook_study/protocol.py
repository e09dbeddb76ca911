"""The Handbook's protocol: train on seven days, wait seven, test on seven, without customers whose fraud is known by then."""

from __future__ import annotations

import numpy as np
import xgboost as xgb
from sklearn.metrics import average_precision_score

from .data import DAY_S, Transactions

TRAIN_DAYS = DELAY_DAYS = TEST_DAYS = 7

PARAMETERS = {
    "objective": "binary:logistic",
    # The default of the library with which the published figures were made.
    "base_score": 0.5,
    "tree_method": "hist",
    "max_bin": 4096,
    "max_depth": 3,
    "eta": 0.1,
    "nthread": 2,
}
TREES = 100


def fold(t: Transactions, rows: np.ndarray, test_day: int) -> tuple[np.ndarray, np.ndarray]:
    """Which of the rows to train and to test on, for a week of tests that begins with a day since the epoch."""
    day = t.seconds // DAY_S
    begin = test_day - DELAY_DAYS - TRAIN_DAYS
    of_row = day[rows]
    train = np.flatnonzero((of_row >= begin) & (of_row < begin + TRAIN_DAYS))

    def defrauded(first: int, after: int) -> np.ndarray:
        return np.unique(t.customer[t.fraud & (day >= first) & (day < after)])

    test = []
    for offset in range(TEST_DAYS):
        today = np.flatnonzero(of_row == test_day + offset)
        known = defrauded(begin, begin + TRAIN_DAYS + offset)
        test.append(today[~np.isin(t.customer[rows[today]], known)])
    return train, np.concatenate(test)


def average_precision(x: np.ndarray, label: np.ndarray, train: np.ndarray, test: np.ndarray) -> float:
    """That of the Handbook's XGBoost, fitted to the train rows, on the test rows."""
    booster = xgb.train(PARAMETERS, xgb.DMatrix(x[train], label=label[train], nthread=2), num_boost_round=TREES)
    scores = booster.predict(xgb.DMatrix(x[test], nthread=2))
    return float(average_precision_score(label[test], scores))
