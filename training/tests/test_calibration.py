"""Platt scaling finds the stretch and shift that was done to log-odds."""

from __future__ import annotations

import unittest

import numpy as np

from fraud_training.calibrate import fit_platt
from fraud_training.evaluate import calibration


class Calibration(unittest.TestCase):
    def setUp(self) -> None:
        rng = np.random.default_rng(3)
        self.odds = rng.normal(-3, 2, 200_000)
        self.label = rng.random(len(self.odds)) < 1 / (1 + np.exp(-self.odds))

    def test_finds_what_sets_overconfident_scores_right(self) -> None:
        overconfident = (2 * self.odds + 1).astype(np.float32)
        platt = fit_platt(overconfident, self.label)
        self.assertAlmostEqual(platt.slope, 0.5, delta=0.01)
        self.assertAlmostEqual(platt.intercept, -0.5, delta=0.03)
        before = calibration(self.label, overconfident)
        after = calibration(self.label, platt.slope * overconfident + platt.intercept)
        self.assertGreater(before["calibration_error"], 0.02)
        self.assertLess(after["calibration_error"], 0.002)
        self.assertAlmostEqual(after["slope"], 1, places=3)
        self.assertAlmostEqual(after["intercept"], 0, places=3)

    def test_leaves_alone_what_is_right(self) -> None:
        platt = fit_platt(self.odds, self.label)
        self.assertAlmostEqual(platt.slope, 1, delta=0.02)
        self.assertAlmostEqual(platt.intercept, 0, delta=0.04)

    def test_scores_that_rank_the_wrong_way_round_are_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "below legitimate traffic"):
            fit_platt(-self.odds, self.label)


if __name__ == "__main__":
    unittest.main()
