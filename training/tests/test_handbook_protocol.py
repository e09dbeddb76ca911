"""The Handbook's folds and its card precision, on a handful of rows."""

from __future__ import annotations

import unittest

import numpy as np

from handbook_study.data import DAY_S, Transactions
from handbook_study.protocol import card_precision, fold

TEST_DAY = 40


def transactions(rows: list[tuple[int, int, bool]]) -> Transactions:
    """Of (day, customer, fraud)."""
    day, customer, fraud = (np.array(column) for column in zip(*rows))
    zeros = np.zeros(len(rows))
    return Transactions(day * DAY_S, customer, zeros.astype(np.int64), zeros, fraud.astype(bool))


class Folds(unittest.TestCase):
    def test_trains_on_the_week_before_the_delay_and_tests_on_the_week_behind_it(self) -> None:
        t = transactions([(day, day, False) for day in range(60)])
        train, test = fold(t, np.arange(60), TEST_DAY)
        self.assertEqual(train.tolist(), list(range(26, 33)))
        self.assertEqual(test.tolist(), list(range(40, 47)))

    def test_more_days_of_training_reach_back_and_leave_the_test_as_it_is(self) -> None:
        t = transactions([(day, day % 9, day % 5 == 0) for day in range(60)])
        week, four = (fold(t, np.arange(60), TEST_DAY, days) for days in (7, 28))
        self.assertEqual(four[0].tolist(), list(range(5, 33)))
        np.testing.assert_array_equal(week[1], four[1])

    def test_customers_whose_fraud_is_known_by_the_day_are_left_out_and_others_stay(self) -> None:
        known_from_training, known_on_the_third_day, unknown = (30, 1, True), (34, 2, True), (39, 3, True)
        tests = [(day, customer, False) for day in range(40, 47) for customer in (1, 2, 3)]
        t = transactions([known_from_training, known_on_the_third_day, unknown, *tests])
        _, test = fold(t, np.arange(len(t.seconds)), TEST_DAY)
        days_of = {c: (t.seconds[test[t.customer[test] == c]] // DAY_S).tolist() for c in (1, 2, 3)}
        # A fraud of day 34 is known when the labels up to day 34 are out: from day 42 on.
        self.assertEqual(days_of, {1: [], 2: [40, 41], 3: list(range(40, 47))})


class CardPrecision(unittest.TestCase):
    def test_counts_compromised_cards_among_those_with_the_highest_maximum(self) -> None:
        customer = np.array([1, 1, 2, 3, 4])
        label = np.array([False, True, False, True, False])
        score = np.array([0.9, 0.1, 0.8, 0.2, 0.3])
        daily = card_precision(customer, np.zeros(5), label, score, top=2)
        # Card 1 leads by its legitimate row, and is compromised by another; card 2 is not; card 3 comes too late.
        self.assertEqual(daily.tolist(), [0.5])

    def test_a_card_that_was_found_is_not_shown_again(self) -> None:
        customer = np.array([1, 2, 1, 2])
        day = np.array([0, 0, 1, 1])
        label = np.array([True, False, True, True])
        score = np.array([0.9, 0.1, 0.9, 0.1])
        self.assertEqual(card_precision(customer, day, label, score, top=1).tolist(), [1.0, 1.0])


if __name__ == "__main__":
    unittest.main()
