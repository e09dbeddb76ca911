"""A whole run: reproducible, calibrated, complete."""

from __future__ import annotations

import json
import re
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx

from fraud_training.arguments import parse_arguments
from fraud_training.card import write_card
from fraud_training.manifest import to_json
from fraud_training.matrix import load_matrix
from fraud_training.pipeline import Result, train
from fraud_training.report import report
from fraud_training.verify import OnnxScorer

from .synthetic import FEATURES, synthetic_matrix, write_matrix


SHORT = "--train - --holdout - --max-trees 90 --warmup-days 5 --early-days 5 --calibration-days 5 --test-days 5".split()


class Training(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        with tempfile.TemporaryDirectory() as directory:
            cls.matrix = load_matrix(write_matrix(synthetic_matrix(rows=30_000), Path(directory) / "train"))
            holdout = synthetic_matrix(rows=30_000, days=60, seed=11)
            cls.holdout = load_matrix(write_matrix(holdout, Path(directory) / "holdout"))
        cls.result = cls.run_training()
        cls.manifest = json.loads(to_json(cls.result.manifest))

    @classmethod
    def run_training(cls, *more: str) -> Result:
        return train(cls.matrix, cls.holdout, parse_arguments([*SHORT, *more]))

    def test_the_same_seed_gives_the_same_bytes(self) -> None:
        again = self.run_training()
        self.assertEqual(again.model, self.result.model)
        self.assertEqual(to_json(again.manifest), to_json(self.result.manifest))

    def test_another_seed_gives_another_model(self) -> None:
        self.assertNotEqual(self.run_training("--random-seed", "8").model, self.result.model)

    def test_the_graph_asks_for_no_newer_runtime_than_the_products(self) -> None:
        model = onnx.load_from_string(self.result.model)
        self.assertEqual(model.ir_version, 8)
        self.assertEqual({o.domain: o.version for o in model.opset_import}, {"": 15, "ai.onnx.ml": 3})

    def test_golden_rows_score_as_written_and_reach_over_the_scores(self) -> None:
        golden = self.manifest["golden"]
        x = np.array([[np.nan if v is None else v for v in g["features"]] for g in golden], dtype=np.float32)
        score, contributions = OnnxScorer(onnx.load_from_string(self.result.model)).run(x)
        np.testing.assert_array_equal(score, np.array([g["score"] for g in golden], dtype=np.float32))
        np.testing.assert_array_equal(
            contributions, np.array([g["contributions"] for g in golden], dtype=np.float32)
        )
        self.assertIn(len(golden), range(25, 36))
        self.assertLess(score.min(), 0.02)
        self.assertGreater(score.max(), 0.7)
        self.assertTrue(np.isnan(x[-1]).all())
        self.assertTrue(np.isnan(x[-2, 3:]).all() and not np.isnan(x[-2, :3]).any())

    def test_scores_mean_probabilities_on_the_holdout(self) -> None:
        holdout = self.manifest["metrics"]["holdout"]
        self.assertLess(abs(holdout["mean_score"] / holdout["fraud_rate"] - 1), 0.35)
        self.assertLess(holdout["calibration_error"], 0.01)

    def test_where_nothing_is_known_the_score_is_about_the_fraud_rate(self) -> None:
        scorer = OnnxScorer(onnx.load_from_string(self.result.model))
        score, _ = scorer.run(np.full((1, len(FEATURES)), np.nan, dtype=np.float32))
        self.assertLess(score[0], 0.1)

    def test_a_store_outage_does_not_turn_all_traffic_into_fraud(self) -> None:
        outage = self.manifest["metrics"]["holdout_store_down"]
        self.assertLess(outage["thresholds"]["step_up"]["alert_rate"], 0.05)

    def test_the_manifest_names_its_data(self) -> None:
        self.assertEqual(self.manifest["features"], list(FEATURES))
        self.assertEqual(self.manifest["training"]["data"]["seed"], 7)
        self.assertEqual(self.manifest["metrics"]["holdout"]["data"]["seed"], 11)
        self.assertEqual(len(self.manifest["metrics"]["holdout"]["by_scenario"]), 3)
        self.assertGreater(
            self.manifest["metrics"]["holdout"]["from"], self.manifest["training"]["test"]["to"]
        )
        self.assertIn("average precision", report(self.result))

    def test_calibration_is_fitted_to_rows_that_the_trees_did_not_see(self) -> None:
        calibration, training = self.manifest["calibration"], self.manifest["training"]
        self.assertEqual(calibration["method"], "platt")
        self.assertGreater(calibration["slope"], 0)
        self.assertEqual(calibration["fitted_on"], training["calibration"])
        self.assertGreater(calibration["fitted_on"]["from"], training["early_stopping"]["to"])
        for when in ("uncalibrated", "calibrated"):
            self.assertIn("calibration_error", self.manifest["metrics"]["holdout"][when])

    def test_the_drift_reference_is_of_the_training_rows_without_the_masked_ones(self) -> None:
        reference, training = self.manifest["drift_reference"], self.manifest["training"]
        self.assertEqual([reference[key] for key in ("rows", "from", "to")], [training["train"][key] for key in ("rows", "from", "to")])
        self.assertEqual(list(reference["features"]), self.matrix.about["drift_features"])
        for name, profile in reference["features"].items():
            self.assertAlmostEqual(sum(profile["shares"]) + profile["missing"], 1, places=12, msg=name)
            self.assertEqual(len(profile["shares"]), len(profile["edges"]) + 1)
        # Masked rows would raise this to 0.08.
        self.assertAlmostEqual(reference["features"]["card_count_1h"]["missing"], 0.05, delta=0.01)
        self.assertAlmostEqual(sum(reference["score"]["shares"]), 1, places=12)

    def test_the_drift_reference_has_the_raw_categories_of_the_same_rows(self) -> None:
        categories = self.manifest["drift_reference"]["categories"]
        self.assertEqual(list(categories), self.matrix.about["drift_categories"])
        currency = categories["currency"]
        self.assertEqual(currency["values"], ["EUR", "CHF"])
        # Blank rows have their categories, too, but are no training rows that came.
        self.assertAlmostEqual(currency["shares"][0], 0.7, delta=0.01)
        self.assertAlmostEqual(currency["missing"], 0.1, delta=0.01)

    def test_a_matrix_without_categories_trains_a_model_that_watches_none(self) -> None:
        without = replace(self.matrix, categories={})
        manifest = train(without, self.holdout, parse_arguments(SHORT)).manifest
        self.assertEqual(manifest["drift_reference"]["categories"], {})
        self.assertEqual(manifest["model"]["sha256"], self.manifest["model"]["sha256"])

    def test_the_manifest_says_which_operators_the_graph_needs(self) -> None:
        self.assertEqual(self.manifest["format"], 2)
        self.assertEqual(self.manifest["model"]["opset"], {"ai.onnx": 15, "ai.onnx.ml": 3})

    def test_without_a_holdout_the_last_days_are_it(self) -> None:
        manifest = train(self.matrix, None, parse_arguments(SHORT)).manifest
        self.assertEqual(manifest["metrics"]["holdout"]["from"], manifest["training"]["test"]["from"])
        self.assertEqual(manifest["model"]["sha256"], self.manifest["model"]["sha256"])

    def test_the_card_names_this_very_model_and_its_pictures_are_there(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            card = Path(directory) / "docs" / "card.md"
            write_card(self.result, card)
            text = card.read_text()
            self.assertIn(self.manifest["version"], text)
            self.assertIn(self.manifest["model"]["sha256"], text)
            pictures = re.findall(r"!\[.*?\]\((.*?)\)", text)
            self.assertEqual(len(pictures), 3)
            for picture in pictures:
                self.assertEqual((card.parent / picture).read_bytes()[:8], b"\x89PNG\r\n\x1a\n")
            bytes_of = {p: (card.parent / p).read_bytes() for p in pictures}
            write_card(self.result, card)
            self.assertEqual({p: (card.parent / p).read_bytes() for p in pictures}, bytes_of)

    def test_matrices_of_different_catalogues_are_refused(self) -> None:
        other = type(self.holdout)(
            **{**self.holdout.__dict__, "about": {**self.holdout.about, "catalogue_version": "other"}}
        )
        with self.assertRaisesRegex(ValueError, "catalogue_version"):
            train(self.matrix, other, parse_arguments(SHORT))
