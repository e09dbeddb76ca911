"""Bins of the drift reference."""

from __future__ import annotations

import unittest

import numpy as np

from fraud_training.drift import COVERED, FREQUENT, SEEN, category_reference, drift_reference, quantile_edges


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


class CategoryReference(unittest.TestCase):
    def one(self, *values: str | None) -> dict:
        return category_reference({"field": np.array(values, dtype=object)})["field"]

    def test_the_frequent_values_come_first_and_ties_in_their_order(self) -> None:
        found = self.one("b", "a", "c", "c", None, "b", "c", "a")
        self.assertEqual(
            found,
            {"values": ["c", "a", "b"], "shares": [0.375, 0.25, 0.25], "rare": [], "rare_share": 0.0, "missing": 0.125, "unseen": 0.0},
        )

    def test_what_the_frequent_ones_cover_enough_without_is_rare(self) -> None:
        found = self.one(*["a"] * 5000, *["b"] * 4994, *["d", "c"] * 2, "e", "f")
        self.assertEqual(found["values"], ["a", "b"])
        self.assertGreaterEqual(sum(found["shares"]), COVERED)
        self.assertEqual(found["rare"], ["c", "d", "e", "f"])
        self.assertAlmostEqual(found["rare_share"], 6 / 10_000)

    def test_there_are_never_more_bins_nor_more_values_than_allowed(self) -> None:
        found = self.one(*(f"{i:05}" for i in range(SEEN + 7)), None)
        self.assertEqual(found["values"], [f"{i:05}" for i in range(FREQUENT)])
        self.assertEqual(found["rare"], [f"{i:05}" for i in range(FREQUENT, SEEN)])
        self.assertAlmostEqual(found["unseen"], 7 / (SEEN + 8))

    def test_shares_are_of_all_rows(self) -> None:
        rng = np.random.default_rng(3)
        values = np.array([None, *(f"{i}" for i in range(300))], dtype=object)[rng.zipf(1.3, 20_000) % 301]
        found = self.one(*values)
        self.assertEqual(len(found["values"]), FREQUENT)
        self.assertEqual(set(found["values"]) | set(found["rare"]) | {None}, set(values))
        total = sum(found["shares"]) + found["rare_share"] + found["missing"] + found["unseen"]
        self.assertAlmostEqual(total, 1, places=12)

    def test_a_field_that_never_came_is_all_missing(self) -> None:
        found = self.one(None, None)
        self.assertEqual((found["values"], found["rare"], found["missing"], found["unseen"]), ([], [], 1.0, 0.0))


if __name__ == "__main__":
    unittest.main()
