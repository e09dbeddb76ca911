"""The exported graph and XGBoost are one model."""

from __future__ import annotations

import unittest

import numpy as np
import xgboost as xgb

from fraud_training.booster import DEFAULT_PARAMETERS, dmatrix, exact_contributions, margin, model_json, predict
from fraud_training.calibrate import Platt, fold
from fraud_training.contributions import leaf_contributions, summed
from fraud_training.golden import rows_on_thresholds
from fraud_training.masking import with_masked_rows
from fraud_training.onnx_export import to_onnx
from fraud_training.trees import bias, parse_trees, path_contributions
from fraud_training.verify import OnnxScorer, verify

from .synthetic import synthetic_matrix

TOLERANCE = 1e-5
AS_IT_IS = Platt(slope=1, intercept=0)


class Export(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.matrix = synthetic_matrix(rows=20_000)
        rows = with_masked_rows(cls.matrix, 0.03, 0.01, 1)
        cls.booster = xgb.train(DEFAULT_PARAMETERS, dmatrix(rows), 60)
        cls.trees, cls.base = parse_trees(model_json(cls.booster))
        cls.leaves = leaf_contributions(cls.booster, cls.trees, cls.matrix.x[::5])
        cls.scorer = OnnxScorer(to_onnx(cls.trees, cls.leaves, cls.base, len(cls.matrix.features)))

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

    def test_contributions_equal_what_the_leaves_say_of_the_rows(self) -> None:
        for name, x in self.inputs().items():
            with self.subTest(name):
                _, found = self.scorer.run(x)
                expected = summed(self.booster, self.trees, self.leaves, x)
                np.testing.assert_allclose(found, expected, atol=TOLERANCE, rtol=0)

    def test_contributions_are_exact_treeshap_where_a_row_has_its_leaves_to_itself(self) -> None:
        for row in self.matrix.x[:5]:
            x = row[None, :]
            leaves = leaf_contributions(self.booster, self.trees, x)
            _, found = OnnxScorer(to_onnx(self.trees, leaves, self.base, x.shape[1])).run(x)
            np.testing.assert_allclose(found, exact_contributions(self.booster, x)[:, :-1], atol=TOLERANCE, rtol=0)

    def test_contributions_come_nearer_to_treeshap_than_those_of_the_paths(self) -> None:
        x = self.matrix.x[1::5]
        _, found = self.scorer.run(x)
        exact = exact_contributions(self.booster, x)[:, :-1]
        paths = self.booster.predict(dmatrix(self.matrix), pred_contribs=True, approx_contribs=True)[1::5, :-1]
        self.assertLess(((found - exact) ** 2).mean(), 0.5 * ((paths - exact) ** 2).mean())

    def test_a_leaf_that_no_row_reaches_has_what_its_path_did(self) -> None:
        one = self.matrix.x[:1]
        reached = self.booster.predict(xgb.DMatrix(one), pred_leaf=True)[0]
        for tree, leaves, at in zip(self.trees, leaf_contributions(self.booster, self.trees, one), reached):
            paths = path_contributions(tree)
            self.assertEqual(leaves.keys(), paths.keys())
            for leaf, values in leaves.items():
                if tree.number[leaf] != at:
                    self.assertEqual(values, paths[leaf])

    def test_bias_and_contributions_sum_to_the_margin(self) -> None:
        for name, x in self.inputs().items():
            with self.subTest(name):
                _, found = self.scorer.run(x)
                total = bias(self.trees, self.base) + found.sum(axis=1, dtype=np.float64)
                np.testing.assert_allclose(total, margin(self.booster, x), atol=1e-4, rtol=0)

    def test_another_base_score_is_part_of_bias_and_margin(self) -> None:
        booster = xgb.train({**DEFAULT_PARAMETERS, "base_score": 0.02}, dmatrix(self.matrix), 10)
        trees, base = parse_trees(model_json(booster))
        self.assertAlmostEqual(base, np.log(0.02 / 0.98), places=6)
        leaves = leaf_contributions(booster, trees, self.matrix.x[:500])
        scorer = OnnxScorer(to_onnx(trees, leaves, base, len(self.matrix.features)))
        expected = summed(booster, trees, leaves, self.matrix.x)
        verify(scorer, booster, AS_IT_IS, bias(trees, base), expected, self.matrix.x)

    def test_calibration_is_part_of_the_leaves_and_the_bias(self) -> None:
        for platt in (Platt(slope=0.8, intercept=-0.4), Platt(slope=1.7, intercept=2.5)):
            trees, leaves, base = fold(platt, self.trees, self.leaves, self.base)
            scorer = OnnxScorer(to_onnx(trees, leaves, base, len(self.matrix.features)))
            for name, x in self.inputs().items():
                with self.subTest(name, platt=platt):
                    expected = summed(self.booster, trees, leaves, x)
                    verify(scorer, self.booster, platt, bias(trees, base), expected, x)
                    score, contributions = scorer.run(x)
                    before, was = self.scorer.run(x)
                    np.testing.assert_allclose(contributions, platt.slope * was.astype(np.float64), atol=TOLERANCE, rtol=0)
                    odds = platt.slope * np.log(before.astype(np.float64) / (1 - before)) + platt.intercept
                    np.testing.assert_allclose(score, 1 / (1 + np.exp(-odds)), atol=TOLERANCE, rtol=0)
                    margin = bias(trees, base) + contributions.sum(axis=1, dtype=np.float64)
                    np.testing.assert_allclose(score, 1 / (1 + np.exp(-margin)), atol=TOLERANCE, rtol=0)

    def test_a_wrong_tree_fails_verification(self) -> None:
        x = self.matrix.x
        shorter = OnnxScorer(to_onnx(self.trees[:-1], self.leaves[:-1], self.base, x.shape[1]))
        with self.assertRaises(AssertionError):
            verify(shorter, self.booster, AS_IT_IS, bias(self.trees, self.base), summed(self.booster, self.trees, self.leaves, x), x)

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
