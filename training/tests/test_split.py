"""Nothing is learned from the future."""

from __future__ import annotations

import unittest
from dataclasses import replace

import numpy as np

from fraud_training.masking import with_masked_rows
from fraud_training.matrix import DAY_MS
from fraud_training.split import Days, holdout_window, split_by_time

from .synthetic import START_MS, synthetic_matrix


DAYS = Days(warmup=10, early=5, calibration=4, test=6, label_delay=3)


class Split(unittest.TestCase):
    def setUp(self) -> None:
        self.matrix = synthetic_matrix(rows=20_000, days=45)
        self.at = self.matrix.occurred_at_ms

    def test_slices_follow_each_other_in_time_behind_the_warm_up(self) -> None:
        split = split_by_time(self.matrix, DAYS)
        self.assertGreaterEqual(split.train.occurred_at_ms[0], self.at[0] + 10 * DAY_MS)
        for before, after in ((split.train, split.early), (split.early, split.calibration), (split.calibration, split.test)):
            self.assertLess(before.occurred_at_ms[-1], after.occurred_at_ms[0])
        for rows, days in ((split.early, 5), (split.calibration, 4), (split.test, 6)):
            self.assertLessEqual(rows.occurred_at_ms[-1] - rows.occurred_at_ms[0], days * DAY_MS)

    def test_rows_whose_label_nobody_could_know_serve_no_slice(self) -> None:
        split = split_by_time(self.matrix, DAYS)
        delay = 3 * DAY_MS
        # At the end of the traffic the model is made: what is younger than the delay has no label yet.
        self.assertLessEqual(split.test.occurred_at_ms[-1] + delay, self.at[-1])
        # Whoever trained when the next slice began knew these labels.
        self.assertLessEqual(split.train.occurred_at_ms[-1] + delay, split.early.occurred_at_ms[0])
        self.assertLessEqual(split.calibration.occurred_at_ms[-1] + delay, split.test.occurred_at_ms[0])
        used = sum(len(rows) for rows in vars(split).values())
        in_gaps = int((self.at >= self.at[0] + 10 * DAY_MS).sum()) - used
        self.assertAlmostEqual(in_gaps / len(self.matrix), 9 / 45, places=1)

    def test_without_a_delay_only_the_warm_up_is_left_out(self) -> None:
        split = split_by_time(self.matrix, replace(DAYS, label_delay=0))
        used = sum(len(rows) for rows in vars(split).values())
        self.assertEqual(used, int((self.at >= self.at[0] + 10 * DAY_MS).sum()))

    def test_unknown_labels_change_nothing_of_the_slices(self) -> None:
        split = split_by_time(self.matrix, DAYS)
        unknown = self.at + 3 * DAY_MS > self.at[-1]
        flipped = replace(self.matrix, label=np.where(unknown, ~self.matrix.label, self.matrix.label))
        for name, rows in vars(split_by_time(flipped, DAYS)).items():
            np.testing.assert_array_equal(rows.label, getattr(split, name).label)

    def test_rows_of_one_instant_stay_together(self) -> None:
        at = np.sort(START_MS + np.arange(20_000) // 1_000 * 2 * DAY_MS)
        split = split_by_time(replace(self.matrix, occurred_at_ms=at), DAYS)
        slices = [set(rows.occurred_at_ms.tolist()) for rows in vars(split).values()]
        self.assertEqual(sum(map(len, slices)), len(set.union(*slices)))

    def test_too_short_a_matrix_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "nothing to train on"):
            split_by_time(self.matrix, replace(DAYS, warmup=30))

    def test_the_holdout_starts_after_training_traffic_and_its_own_warm_up_and_ends_where_labels_are_known(self) -> None:
        holdout = synthetic_matrix(rows=20_000, days=60, seed=11)
        end, last = int(self.at[-1]), int(holdout.occurred_at_ms[-1])
        later = holdout_window(holdout, end + 1, 14, 3)
        self.assertGreater(later.occurred_at_ms[0], end)
        self.assertLessEqual(later.occurred_at_ms[-1] + 3 * DAY_MS, last)
        first = int(holdout.occurred_at_ms[0])
        self.assertGreaterEqual(holdout_window(holdout, 0, 14, 3).occurred_at_ms[0], first + 14 * DAY_MS)
        with self.assertRaisesRegex(ValueError, "later than the training traffic"):
            holdout_window(self.matrix, end + 1, 14, 3)


class Masking(unittest.TestCase):
    def test_shares_are_repeated_without_state_features_and_with_nothing_at_all_and_the_rest_is_untouched(self) -> None:
        matrix = synthetic_matrix(rows=5_000)
        more = with_masked_rows(matrix, 0.03, 0.01, seed=1)
        self.assertEqual(len(more), 5_200)
        np.testing.assert_array_equal(more.x[:5_000], matrix.x)
        masked, blank = more.x[5_000:5_150], more.x[5_150:]
        self.assertTrue(np.isnan(masked[:, 3:]).all())
        self.assertFalse(np.isnan(masked[:, :3]).any())
        self.assertTrue(np.isnan(blank).all())
