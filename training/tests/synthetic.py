"""A small made-up matrix with the traits that matter here: rare frauds, missing values, few distinct values, time."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fraud_training.matrix import DAY_MS, Matrix

START_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z

LABEL_DELAY_DAYS = 3

FEATURES = tuple(
    (
        "amount local_hour is_remote card_count_1h card_count_24h card_count_7d card_sum_1h card_sum_24h card_mean_30d "
        "card_max_7d card_ratio_30d card_zscore_30d card_seconds_since_last card_merchants_24h card_first_at_merchant "
        "card_new_device card_new_country card_speed_kmh merchant_count_24h merchant_count_30d merchant_mean_30d "
        "merchant_ratio_30d"
    ).split()
)

SCENARIOS = ("card_testing", "account_takeover", "stolen_card")


def synthetic_matrix(rows: int = 20_000, days: int = 45, seed: int = 7, fraud_share: float = 0.02) -> Matrix:
    """float32 [rows, 22] over `days`; frauds shift the features of their scenario."""
    rng = np.random.default_rng(seed)
    at = np.sort(rng.integers(0, days * DAY_MS, rows)) + START_MS
    x = rng.lognormal(3, 1, (rows, len(FEATURES)))
    column = {name: i for i, name in enumerate(FEATURES)}
    x[:, column["local_hour"]] = rng.uniform(0, 24, rows)
    for name in ("is_remote", "card_first_at_merchant", "card_new_device", "card_new_country"):
        x[:, column[name]] = rng.random(rows) < 0.15
    for name in ("card_count_1h", "card_count_24h", "card_count_7d", "card_merchants_24h", "merchant_count_24h"):
        x[:, column[name]] = rng.poisson(3, rows) + 1
    label = rng.random(rows) < fraud_share
    kind = rng.integers(0, len(SCENARIOS), rows)
    testing, takeover, stolen = (label & (kind == i) for i in range(3))
    x[testing, column["card_count_1h"]] += rng.poisson(6, testing.sum())
    x[testing, column["amount"]] *= 0.1
    x[takeover, column["card_new_device"]] = 1
    x[takeover, column["amount"]] *= 3
    x[stolen, column["card_ratio_30d"]] *= 4
    x[stolen, column["card_new_country"]] = rng.random(stolen.sum()) < 0.7
    missing = rng.random(x.shape) < 0.05
    missing[:, : column["card_count_1h"]] = False
    x[missing] = np.nan
    scenario = np.array([SCENARIOS[k] if fraud else None for k, fraud in zip(kind, label)], dtype=object)
    about = {
        "features": list(FEATURES),
        "state_features": list(FEATURES[3:]),
        "drift_features": [name for name in FEATURES if name != "local_hour"],
        "drift_categories": ["currency", "channel"],
        "catalogue_version": "synthetic",
        "rows": rows,
        "frauds": int(label.sum()),
        "source": "simulator",
        "seed": seed,
        "days": days,
        "cards": 0,
        "start": "2026-01-01T00:00:00Z",
        "label_delay_ms": LABEL_DELAY_DAYS * DAY_MS,
    }
    channel = np.where(x[:, column["is_remote"]] == 1, "ecommerce", "pos").astype(object)
    currency = np.array(["EUR", "CHF", None], dtype=object)[rng.choice(3, rows, p=[0.7, 0.2, 0.1])]
    return Matrix(
        x=x.astype(np.float32),
        label=label,
        scenario=scenario,
        channel=channel,
        occurred_at_ms=at,
        features=FEATURES,
        state_features=tuple(about["state_features"]),
        drift_features=tuple(about["drift_features"]),
        about=about,
        categories={"currency": currency, "channel": channel},
    )


def write_matrix(matrix: Matrix, directory: Path) -> Path:
    """DIR/matrix.parquet and DIR/matrix.json, as the product's `matrix` command writes them."""
    directory.mkdir(parents=True, exist_ok=True)
    columns = {name: pa.array(matrix.x[:, i]) for i, name in enumerate(matrix.features)}
    columns |= {
        "label": pa.array(matrix.label),
        "scenario": pa.array(matrix.scenario.tolist(), type=pa.string()),
        "channel": pa.array(matrix.channel.tolist(), type=pa.string()),
        "currency": pa.array(matrix.categories["currency"].tolist(), type=pa.string()),
        "occurred_at_ms": pa.array(matrix.occurred_at_ms.astype(np.float64)),
        "card_id": pa.array([f"card-{i % 97}" for i in range(len(matrix))]),
        "transaction_id": pa.array([f"t-{i}" for i in range(len(matrix))]),
    }
    pq.write_table(pa.table(columns), directory / "matrix.parquet")
    (directory / "matrix.json").write_text(json.dumps(matrix.about))
    return directory
