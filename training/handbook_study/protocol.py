"""The Handbook's protocol: train on seven days, wait seven, test on seven, without customers whose fraud is known by then."""

from __future__ import annotations

import numpy as np
import xgboost as xgb
from sklearn.metrics import average_precision_score

from .data import DAY_S, Transactions

# First days of the test weeks of the development part.
DEVELOPMENT_WEEKS = ("2018-07-11", "2018-07-18", "2018-07-25", "2018-08-01")
# Those before, on which hyperparameters were chosen.
EARLIER_WEEKS = ("2018-06-13", "2018-06-20", "2018-06-27", "2018-07-04")

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


def fold(
    t: Transactions, rows: np.ndarray, test_day: int, train_days: int = TRAIN_DAYS
) -> tuple[np.ndarray, np.ndarray]:
    """
    Which of the rows to train and to test on, for a week of tests that begins with a day since the epoch.

    More days of training reach further back; what is tested stays the same, so that figures can be compared: customers are left
    out whose fraud fell into the last seven days of training or became known since.
    """
    day = t.seconds // DAY_S
    end = test_day - DELAY_DAYS
    of_row = day[rows]
    train = np.flatnonzero((of_row >= end - train_days) & (of_row < end))

    test = []
    for offset in range(TEST_DAYS):
        today = np.flatnonzero(of_row == test_day + offset)
        known = t.fraud & (day >= end - TRAIN_DAYS) & (day < end + offset)
        test.append(today[~np.isin(t.customer[rows[today]], np.unique(t.customer[known]))])
    return train, np.concatenate(test)


def card_precision(customer: np.ndarray, day: np.ndarray, label: np.ndarray, score: np.ndarray, top: int = 100) -> np.ndarray:
    """
    Card Precision@100 by day, float64 [days]: of the 100 customers with the highest maximal score of the day, the share with a
    fraud on it. A customer who was found is not shown again on later days.
    """
    found: set[int] = set()
    daily = []
    for today in np.unique(day):
        of = np.flatnonzero(day == today)
        ranked = of[np.argsort(-score[of], kind="stable")]
        _, first = np.unique(customer[ranked], return_index=True)
        cards = [c for c in customer[ranked][np.sort(first)] if c not in found][:top]
        hits = set(customer[of[label[of]]]).intersection(cards)
        daily.append(len(hits) / top)
        found |= hits
    return np.array(daily)


def scores(
    x: np.ndarray, label: np.ndarray, train: np.ndarray, test: np.ndarray, parameters: dict = PARAMETERS, trees: int = TREES
) -> np.ndarray:
    """Fraud probabilities of the test rows by an XGBoost model that was fitted to the train rows, float32."""
    booster = xgb.train(parameters, xgb.DMatrix(x[train], label=label[train], nthread=2), num_boost_round=trees)
    return booster.predict(xgb.DMatrix(x[test], nthread=2))


def average_precision(x: np.ndarray, label: np.ndarray, train: np.ndarray, test: np.ndarray) -> float:
    """That of the Handbook's XGBoost, fitted to the train rows, on the test rows."""
    return float(average_precision_score(label[test], scores(x, label, train, test)))
