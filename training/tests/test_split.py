"""Nothing is learned from the future."""

from __future__ import annotations

import unittest

import numpy as np

from fraud_training.masking import with_masked_rows
from fraud_training.matrix import DAY_MS
from fraud_training.split import holdout_window, split_by_time

from .synthetic import START_MS, synthetic_matrix


class Split(unittest.TestCase):
    def setUp(self) -> None:
        self.matrix = synthetic_matrix(rows=20_000, days=40)

    def test_slices_follow_each_other_in_time_and_lose_only_the_warm_up(self) -> None:
        split = split_by_time(self.matrix, warmup_days=14, early_days=7, test_days=5)
        at = self.matrix.occurred_at_ms
        self.assertGreaterEqual(split.train.occurred_at_ms[0], at[0] + 14 * DAY_MS)
        self.assertLess(split.train.occurred_at_ms[-1], split.early.occurred_at_ms[0])
        self.assertLess(split.early.occurred_at_ms[-1], split.test.occurred_at_ms[0])
        self.assertEqual(split.test.occurred_at_ms[-1], at[-1])
        kept = len(split.train) + len(split.early) + len(split.test)
        self.assertEqual(kept, int((at >= at[0] + 14 * DAY_MS).sum()))

    def test_rows_of_one_instant_stay_together(self) -> None:
        at = np.sort(START_MS + np.arange(20_000) // 2_000 * 4 * DAY_MS)
        tied = type(self.matrix)(**{**self.matrix.__dict__, "occurred_at_ms": at})
        split = split_by_time(tied, 8, 8, 8)
        slices = [set(rows.occurred_at_ms.tolist()) for rows in (split.train, split.early, split.test)]
        self.assertEqual(sum(map(len, slices)), len(set.union(*slices)))

    def test_too_short_a_matrix_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "nothing to train on"):
            split_by_time(self.matrix, 30, 7, 7)

    def test_the_holdout_starts_after_training_traffic_and_its_own_warm_up(self) -> None:
        holdout = synthetic_matrix(rows=20_000, days=54, seed=11)
        end = int(self.matrix.occurred_at_ms[-1])
        self.assertGreater(holdout_window(holdout, end + 1, 14).occurred_at_ms[0], end)
        first = int(holdout.occurred_at_ms[0])
        self.assertGreaterEqual(holdout_window(holdout, 0, 14).occurred_at_ms[0], first + 14 * DAY_MS)
        with self.assertRaisesRegex(ValueError, "later than the training traffic"):
            holdout_window(self.matrix, end + 1, 14)


class Masking(unittest.TestCase):
    def test_the_share_is_repeated_with_state_features_missing_and_the_rest_untouched(self) -> None:
        matrix = synthetic_matrix(rows=5_000)
        more = with_masked_rows(matrix, 0.03, seed=1)
        self.assertEqual(len(more), 5_150)
        np.testing.assert_array_equal(more.x[:5_000], matrix.x)
        added = more.x[5_000:]
        self.assertTrue(np.isnan(added[:, 3:]).all())
        self.assertFalse(np.isnan(added[:, :3]).any())
