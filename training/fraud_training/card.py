"""The model's card: what it is, what it was made of, how good it is, and where it is not to be trusted."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from . import plots
from .pipeline import Result
from .thresholds import THRESHOLDS

STRONGEST = 15

# What a reader needs to know before trusting any figure above it.
SIMULATOR_LIMITS = """- **Simulated traffic.** Nobody's real payments were seen. Fraud follows the five scenarios of this project's simulator, at a
  rate and in proportions that were chosen. The figures say how well the engine recognises these; of real fraud they say
  nothing. Train on recorded traffic (`npm run train -- --data`) before money depends on it, and see
  [the result on data that was not made here](handbook.md).
- **The holdout is another population of the same simulator.** It has other cards, merchants and campaigns, and lies later, but fraud does
  not change its ways between training and holdout, as real fraud does."""

LIMITS = """- **Calibration is that of a time.** It was fitted to the calibration slice alone. Where the share of fraud moves, scores are off by as much
  until it is fitted anew; ranking suffers less.
- **Labels are taken as true** once they are out, {delay} days after the transaction. Real chargebacks come later, come in part, and
  some are fraud by the cardholder.
- **Small slices are uncertain.** Where a table above counts few frauds, its figures are luck as much as skill.
- **Nothing about a person is a feature**, but country, place, device and hour of the day are. Whether decisions fall on some groups of
  cardholders harder than on others was not examined, and cannot be on simulated traffic.
- **With the feature store down** only what the transaction itself says is left: see the line in the table of quality. The policy
  has thresholds of its own for that.
- **Reasons** say what moved this model's score, not what caused the fraud."""


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head), ["---"] * len(list(head)), *map(list, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _share(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else f"{value:.{digits}%}"


def _number(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _rows(at: dict[str, Any]) -> list[str]:
    return [f"{at['rows']:,}", f"{at['frauds']:,}", _share(at["frauds"] / at["rows"], 2), at["from"][:10], at["to"][:10]]


def _data(origin: dict[str, Any]) -> str:
    if origin.get("source") == "simulator":
        return f"simulated, seed {origin['seed']}, {origin['cards']:,} cards, {origin['days']} days from {origin['start'][:10]}"
    return "recorded: " + ", ".join(f"`{name}`" for name in origin.get("files", ["?"]))


def _quality(metrics: dict[str, Any]) -> str:
    named = {"Holdout": "holdout", "In-time test": "in_time_test", "Holdout, store down": "holdout_store_down"}
    rows = []
    for name, key in named.items():
        found = metrics[key]
        low_high = found.get("average_precision_95")
        spread = f" ({low_high[0]:.3f} – {low_high[1]:.3f})" if low_high else ""
        rows.append(
            [name, _number(found["average_precision"]) + spread, _number(found["auc"], 4), _number(found["brier"], 5)]
        )
    return _table(["On", "Average precision (95 % over days)", "AUC", "Brier score"], rows)


def _at_thresholds(at: dict[str, Any]) -> str:
    return _table(
        ["Action", "Score from", "Frauds caught", "Precision of the alerts", "Share of traffic"],
        [
            [f"`{a}`", f"{v['threshold']:g}", _share(v["recall"]), _share(v["precision"]), _share(v["alert_rate"], 2)]
            for a, v in at.items()
        ],
    )


def _suggested(suggested: dict[str, Any]) -> str:
    def row(action: str, v: dict[str, Any] | None) -> list[str]:
        if v is None:
            return [f"`{action}`", "no score reaches it", "–", "–", "–"]
        return [f"`{action}`", f"{v['threshold']:g}", _share(v["target_precision"], 0), _share(v["recall"]), _share(v["alert_rate"], 2)]

    head = ["Action", "Score from", "Precision aimed at", "Frauds caught", "Share of traffic"]
    return _table(head, [row(a, v) for a, v in suggested.items()])


def _calibration(holdout: dict[str, Any]) -> str:
    names = {
        "Expected calibration error": "calibration_error",
        "Mean score": "mean_score",
        "Log loss": "log_loss",
        "Brier score": "brier",
        "Slope left (1 is right)": "slope",
        "Intercept left (0 is right)": "intercept",
    }
    before, after = holdout["uncalibrated"], holdout["calibrated"]
    return _table(
        ["On the holdout", "Before", "After"],
        [[name, f"{before[key]:.5f}", f"{after[key]:.5f}"] for name, key in names.items()],
    )


def _slices(found: dict[str, Any]) -> str:
    rows = []
    for kind, parts in found.items():
        for name, v in parts.items():
            rows.append(
                [f"{kind}: {name}", f"{v['rows']:,}", f"{v['frauds']:,}", _share(v["fraud_rate"], 2), _share(v["mean_score"], 2),
                 _number(v["average_precision"]), *(_share(v["recall"][a]) for a in THRESHOLDS)]
            )
    caught = [f"≥ {t:g}" for t in THRESHOLDS.values()]
    return _table(["Slice", "Rows", "Frauds", "Fraud rate", "Mean score", "Average precision", *caught], rows)


def _scenarios(found: dict[str, Any]) -> str:
    return _table(
        ["Scenario", "Frauds", *(f"≥ {t:g}" for t in THRESHOLDS.values())],
        [[f"`{name}`", f"{v['frauds']:,}", *(_share(v["recall"][a]) for a in THRESHOLDS)] for name, v in found.items()],
    )


def card_text(result: Result, pictures: str) -> str:
    """
    The card as Markdown.

    pictures: path from the card to the directory of its pictures
    """
    manifest = result.manifest
    training, metrics = manifest["training"], manifest["metrics"]
    holdout, calibration, reasons = metrics["holdout"], manifest["calibration"], metrics["reasons"]
    judged_elsewhere = holdout["data"] != training["data"]
    strongest = sorted(result.gain.items(), key=lambda item: -item[1])[:STRONGEST]
    simulated = training["data"].get("source") == "simulator"
    limits = ([SIMULATOR_LIMITS] if simulated else []) + [LIMITS.format(delay=f"{training['label_delay_days']:g}")]
    slices = {"Training": "train", "Early stopping": "early_stopping", "Calibration": "calibration", "In-time test": "test"}
    parameters = training["parameters"]
    scenarios = (
        [f"Of each kind of fraud, the share with a score at or above the threshold:\n\n{_scenarios(holdout['by_scenario'])}"]
        if holdout["by_scenario"]
        else []
    )
    agreement = (
        f"On the {reasons['rows']:,} rows of the holdout with a score above {reasons['score_above']:g} the first reason is that of exact "
        f"TreeSHAP in **{_share(reasons['first_reason'])}**, and among its first three in {_share(reasons['first_among_three'])}."
        if reasons["rows"]
        else f"No row of the holdout has a score above {reasons['score_above']:g}."
    )
    parts = [
        f"# Model card: version {manifest['version']}",
        "Written by the training (`npm run train`), together with the model. Do not edit: the figures are those of this very model.",
        _table(
            ["", ""],
            [
                ["Version", f"`{manifest['version']}`"],
                ["sha256 of the model", f"`{manifest['model']['sha256']}`"],
                ["Feature catalogue", f"`{manifest['catalogue_version']}`, {len(manifest['features'])} features"],
                ["Kind", f"{training['trees']} boosted trees (XGBoost {training['libraries']['xgboost']}), depth {parameters['max_depth']} at most, calibrated"],
                ["File", f"ONNX, {len(result.model) / 1024:.0f} KiB; score and reasons from one run"],
                ["For", "a fraud probability of a card transaction while it is authorised, which a policy turns into a decision"],
                ["Not for", "decisions without a policy, credit decisions, anything about a person"],
            ],
        ),
        "## Data",
        f"Trained on traffic that was {_data(training['data'])}. The first {training['warmup_days']:g} days only fill the histories, the longest of "
        "which reach as far back. "
        + (
            f"The holdout was {_data(holdout['data'])}; it begins after the training traffic has ended."
            if judged_elsewhere
            else "The holdout is the last stretch of the same traffic, the in-time test."
        )
        + f"\n\nLabels are out {training['label_delay_days']:g} days after a transaction. Between training and what comes after, and at the end of the "
        "traffic, rows whose label nobody could know yet are left out "
        "(the rule is in [training/README.md](../training/README.md#slices)).",
        _table(
            ["Slice", "Rows", "Frauds", "Fraud rate", "From", "To"],
            [*([name, *_rows(training[key])] for name, key in slices.items()), ["**Holdout**", *_rows(holdout)]],
        ),
        f"{training['masked_share']:.0%} of the training rows were repeated without anything that comes from the feature store, so that the model "
        f"stays sensible while the store is down, and {training['blank_share']:.0%} with nothing known at all.",
        "## Features",
        f"The features are those of [the catalogue](features.md). The {len(strongest)} whose splits won most of the training loss:",
        _table(["Feature", "Share of the gain"], [[f"`{name}`", _share(share)] for name, share in strongest]),
        "## Quality",
        _quality(metrics),
        f"![Precision and recall]({pictures}/{plots.PRECISION_RECALL})",
        f"![Scores]({pictures}/{plots.SCORES})",
        "## Thresholds",
        "At the thresholds of the shipped policy, on the holdout:",
        _at_thresholds(holdout["thresholds"]),
        "The lowest scores above which the alerts of the in-time test reached a precision. They are suggestions; the policy decides:",
        _suggested(manifest["suggested_thresholds"]),
        "## Calibration",
        f"Platt scaling on the calibration slice: log-odds × {calibration['slope']:.4f} {'+' if calibration['intercept'] >= 0 else '−'} "
        f"{abs(calibration['intercept']):.4f}. It is part of the trees' leaves and of the bias, so reasons and scores still add up. "
        f"The fraud rate of the holdout is {_share(holdout['fraud_rate'], 3)}.",
        _calibration(holdout),
        f"![Reliability]({pictures}/{plots.RELIABILITY})",
        "## Slices",
        *scenarios,
        "The holdout by what a row is like; the last columns are shares of the slice's frauds. Average precision depends on the fraud rate, so it compares "
        "models on a slice, not slices with each other.",
        _slices(result.slices),
        "## Reasons",
        "A contribution is the mean of exact TreeSHAP over the training rows that reach the same leaf, summed over the trees (see "
        "[ADR 0005](adr/0005-onnx-with-contributions.md)). " + agreement,
        "## Limits",
        "\n".join(limits),
    ]
    return "\n\n".join(parts) + "\n"


def write_card(result: Result, path: Path) -> None:
    """Writes the card and, in a directory beside it that has its name, the pictures."""
    pictures = path.with_suffix("")
    pictures.mkdir(parents=True, exist_ok=True)
    path.write_text(card_text(result, os.path.relpath(pictures, path.parent)), encoding="utf-8")
    rows, score = result.judged.rows, result.judged.score
    uncalibrated = 1 / (1 + np.exp(-result.judged.margin.astype(np.float64)))
    plots.precision_recall(rows.label, score, THRESHOLDS, pictures / plots.PRECISION_RECALL)
    plots.reliability_diagram(rows.label, uncalibrated, score, pictures / plots.RELIABILITY)
    plots.score_distribution(rows.label, score, THRESHOLDS, pictures / plots.SCORES)
