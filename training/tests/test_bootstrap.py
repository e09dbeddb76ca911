"""Weighted rankings against scikit-learn, ties and empty days included."""

from __future__ import annotations

import unittest

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

from fraud_training.bootstrap import Ranking, day_weights, interval


class Bootstrap(unittest.TestCase):
    def setUp(self) -> None:
        rng = np.random.default_rng(2)
        self.label = rng.random(5_000) < 0.05
        # Rounded: many ties.
        self.score = np.round(rng.random(5_000) + 0.4 * self.label, 2)
        self.days = rng.integers(0, 14, 5_000)

    def test_figures_equal_those_of_scikit_learn_on_rows_that_are_repeated(self) -> None:
        ranking = Ranking(self.label, self.score)
        for weight in day_weights(self.days, seed=1, draws=20):
            rows = np.repeat(np.arange(5_000), weight)
            label, score = self.label[rows], self.score[rows]
            self.assertAlmostEqual(ranking.average_precision(weight), average_precision_score(label, score), places=12)
            self.assertAlmostEqual(ranking.auc(weight), roc_auc_score(label, score), places=12)

    def test_days_are_drawn_whole_and_as_many_as_there_are(self) -> None:
        for weight in day_weights(self.days, seed=1, draws=5):
            by_day = [set(weight[self.days == day]) for day in range(14)]
            self.assertTrue(all(len(drawn) == 1 for drawn in by_day))
            self.assertEqual(sum(drawn.pop() for drawn in by_day), 14)

    def test_the_same_seed_gives_the_same_interval(self) -> None:
        ranking = Ranking(self.label, self.score)
        found = [interval([ranking.auc(w) for w in day_weights(self.days, 5)]) for _ in range(2)]
        self.assertEqual(found[0], found[1])
        self.assertLess(found[0][0], ranking.auc(np.ones(5_000)))
        self.assertGreater(found[0][1], ranking.auc(np.ones(5_000)))


if __name__ == "__main__":
    unittest.main()
