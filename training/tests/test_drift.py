"""Bins of the drift reference."""

from __future__ import annotations

import unittest

import numpy as np

from fraud_training.drift import drift_reference, quantile_edges


class QuantileEdges(unittest.TestCase):
    def test_a_spread_of_values_gets_ten_bins_of_about_the_same_size(self) -> None:
        values = np.random.default_rng(1).lognormal(3, 1, 50_001).astype(np.float32)
        edges = quantile_edges(values)
        self.assertEqual(len(edges), 9)
        self.assertEqual(edges, sorted(set(edges)))
        counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=10)
        np.testing.assert_allclose(counts / len(values), 0.1, atol=0.001)

    def test_few_distinct_values_get_a_bin_each(self) -> None:
        self.assertEqual(quantile_edges(np.array([2, 0, 1, 1, 0], dtype=np.float32)), [1.0, 2.0])
        self.assertEqual(quantile_edges(np.array([5, 5], dtype=np.float32)), [])

    def test_a_value_that_nearly_all_rows_have_gets_a_bin_of_its_own(self) -> None:
        values = np.concatenate([np.zeros(9_900), np.arange(1, 101)]).astype(np.float32)
        self.assertEqual(quantile_edges(values), [1.0])

    def test_tied_edges_are_merged(self) -> None:
        values = np.repeat(np.arange(20), [1, 1, 1, 1, 1, 1, 1, 1, 1, 300, *[1] * 10]).astype(np.float32)
        edges = quantile_edges(values)
        self.assertEqual(edges, sorted(set(edges)))
        self.assertIn(9.0, edges)


class DriftReference(unittest.TestCase):
    def test_shares_and_missing_are_of_all_rows_and_only_eligible_features_appear(self) -> None:
        x = np.array([[1, 7, np.nan], [2, 7, np.nan], [np.nan, 7, np.nan], [2, 7, np.nan]], dtype=np.float32)
        score = np.array([0.1, 0.2, 0.2, 0.9], dtype=np.float32)
        found = drift_reference(x, score, ("a", "b", "c"), ("a", "c"))
        self.assertEqual(
            found["features"],
            {
                "a": {"edges": [2.0], "shares": [0.25, 0.5], "range": [1.0, 2.0], "missing": 0.25},
                "c": {"edges": [], "shares": [0.0], "missing": 1.0},
            },
        )
        # A value on an edge lies in the bin that the edge opens.
        self.assertEqual(found["score"]["shares"], [0.25, 0.5, 0.25])


if __name__ == "__main__":
    unittest.main()
