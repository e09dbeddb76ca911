"""The exported graph and XGBoost are one model."""

from __future__ import annotations

import unittest

import numpy as np
import xgboost as xgb

from fraud_training.booster import DEFAULT_PARAMETERS, approximate_contributions, dmatrix, model_json, predict
from fraud_training.calibrate import Platt, fold
from fraud_training.golden import rows_on_thresholds
from fraud_training.masking import with_masked_rows
from fraud_training.onnx_export import to_onnx
from fraud_training.trees import bias, parse_trees
from fraud_training.verify import OnnxScorer, verify

from .synthetic import synthetic_matrix

TOLERANCE = 1e-5
AS_IT_IS = Platt(slope=1, intercept=0)


class Export(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.matrix = synthetic_matrix(rows=20_000)
        rows = with_masked_rows(cls.matrix, 0.03, 1)
        cls.booster = xgb.train(DEFAULT_PARAMETERS, dmatrix(rows), 60)
        cls.trees, cls.base = parse_trees(model_json(cls.booster))
        cls.scorer = OnnxScorer(to_onnx(cls.trees, cls.base, len(cls.matrix.features)))

    def inputs(self) -> dict[str, np.ndarray]:
        rng = np.random.default_rng(5)
        shape = (4_000, len(self.matrix.features))
        noise = rng.normal(0, 50, shape).astype(np.float32)
        noise[rng.random(shape) < 0.3] = np.nan
        exact = rows_on_thresholds(self.trees, self.matrix.x, 2_000, 3)
        return {
            "rows seen": self.matrix.x,
            "random values with missing ones": noise,
            "exactly on thresholds": exact,
            "one float below thresholds": np.nextafter(exact, np.float32(-np.inf)),
            "one float above thresholds": np.nextafter(exact, np.float32(np.inf)),
            "nothing known": np.full((1, shape[1]), np.nan, dtype=np.float32),
        }

    def test_scores_equal_xgboost(self) -> None:
        for name, x in self.inputs().items():
            with self.subTest(name):
                score, _ = self.scorer.run(x)
                self.assertEqual(score.shape, (len(x),))
                np.testing.assert_allclose(score, predict(self.booster, x), atol=TOLERANCE, rtol=0)

    def test_contributions_equal_xgboosts_approximate_contributions(self) -> None:
        for name, x in self.inputs().items():
            with self.subTest(name):
                _, found = self.scorer.run(x)
                expected = approximate_contributions(self.booster, x)[:, :-1]
                np.testing.assert_allclose(found, expected, atol=TOLERANCE, rtol=0)

    def test_bias_and_contributions_sum_to_the_margin(self) -> None:
        for name, x in self.inputs().items():
            with self.subTest(name):
                verify(self.scorer, self.booster, AS_IT_IS, bias(self.trees, self.base), x)

    def test_another_base_score_is_part_of_bias_and_margin(self) -> None:
        booster = xgb.train({**DEFAULT_PARAMETERS, "base_score": 0.02}, dmatrix(self.matrix), 10)
        trees, base = parse_trees(model_json(booster))
        self.assertAlmostEqual(base, np.log(0.02 / 0.98), places=6)
        verify(OnnxScorer(to_onnx(trees, base, len(self.matrix.features))), booster, AS_IT_IS, bias(trees, base), self.matrix.x)

    def test_calibration_is_part_of_the_leaves_and_the_bias(self) -> None:
        for platt in (Platt(slope=0.8, intercept=-0.4), Platt(slope=1.7, intercept=2.5)):
            trees, base = fold(platt, self.trees, self.base)
            scorer = OnnxScorer(to_onnx(trees, base, len(self.matrix.features)))
            for name, x in self.inputs().items():
                with self.subTest(name, platt=platt):
                    verify(scorer, self.booster, platt, bias(trees, base), x)
                    score, contributions = scorer.run(x)
                    before, was = self.scorer.run(x)
                    np.testing.assert_allclose(contributions, platt.slope * was.astype(np.float64), atol=TOLERANCE, rtol=0)
                    odds = platt.slope * np.log(before.astype(np.float64) / (1 - before)) + platt.intercept
                    np.testing.assert_allclose(score, 1 / (1 + np.exp(-odds)), atol=TOLERANCE, rtol=0)
                    margin = bias(trees, base) + contributions.sum(axis=1, dtype=np.float64)
                    np.testing.assert_allclose(score, 1 / (1 + np.exp(-margin)), atol=TOLERANCE, rtol=0)

    def test_a_wrong_tree_fails_verification(self) -> None:
        shorter = OnnxScorer(to_onnx(self.trees[:-1], self.base, len(self.matrix.features)))
        with self.assertRaises(AssertionError):
            verify(shorter, self.booster, AS_IT_IS, bias(self.trees, self.base), self.matrix.x)

    def test_batches_of_any_size_give_the_same_bits(self) -> None:
        x = self.matrix.x[:512]
        alone = [self.scorer.run(x[i : i + 1]) for i in range(len(x))]
        expected = [np.concatenate([outputs[k] for outputs in alone]).view(np.int32) for k in (0, 1)]
        for size in (2, 3, 7, 64, 130, 512):
            batches = [self.scorer.run(x[i : i + size]) for i in range(0, len(x), size)]
            for k in (0, 1):
                found = np.concatenate([outputs[k] for outputs in batches]).view(np.int32)
                np.testing.assert_array_equal(found, expected[k], f"batches of {size}")


if __name__ == "__main__":
    unittest.main()
