"""What the features and scores of the training rows looked like, to compare live traffic with."""

from __future__ import annotations

from typing import Any

import numpy as np

BINS = 10


def quantile_edges(values: np.ndarray) -> list[float]:
    """
    Interior edges of up to ten bins with about as many values each, ascending and distinct. An edge is a value that occurs
    and opens its bin. Where the lowest value alone fills several bins, it gets one of its own.

    >>> quantile_edges(np.array([0, 0, 0, 0, 0, 0, 0, 0, 0, 1], dtype=np.float32))
    [1.0]
    """
    distinct = np.unique(values)
    if len(distinct) <= BINS:
        return [float(v) for v in distinct[1:]]
    edges = np.quantile(values, np.arange(1, BINS) / BINS, method="inverted_cdf")
    edges = np.where(edges == distinct[0], distinct[1], edges)
    return [float(v) for v in np.unique(edges)]


def _profile(values: np.ndarray) -> dict[str, Any]:
    present = values[~np.isnan(values)]
    edges = quantile_edges(present) if len(present) else []
    counts = np.bincount(np.searchsorted(np.array(edges), present, side="right"), minlength=len(edges) + 1)
    profile = {"edges": edges, "shares": [int(count) / len(values) for count in counts]}
    return profile | ({"range": [float(present.min()), float(present.max())]} if len(present) else {})


def drift_reference(
    x: np.ndarray, score: np.ndarray, features: tuple[str, ...], eligible: tuple[str, ...]
) -> dict[str, Any]:
    """
    {features: {name: {edges, shares, range, missing}}, score: {edges, shares, range}} of the eligible columns of x (float32 [N, F], NaN =
    missing) and of the score. Bin i holds edges[i - 1] <= v < edges[i]. Shares are of all rows: with `missing` they sum to 1.
    `range` holds the least and the greatest value. A feature that is always missing has one empty bin, and no range.
    """
    found = {}
    for name in features:
        if name in eligible:
            column = x[:, features.index(name)]
            found[name] = _profile(column) | {"missing": int(np.isnan(column).sum()) / len(column)}
    return {"features": found, "score": _profile(score)}
