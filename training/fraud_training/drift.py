"""What the features and scores of the training rows looked like, to compare live traffic with."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

BINS = 10
# So many values of a category have a bin of their own at most, or as many as cover this share of its rows.
FREQUENT = 32
COVERED = 0.999
# So many values count as seen; merchant category codes are about as many. Those beyond are as rare as never seen.
SEEN = 1000


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


def category_reference(categories: dict[str, np.ndarray]) -> dict[str, Any]:
    """
    {field: {values, shares, rare, rare_share, missing, unseen}} of the values (object [N], None = not given) of each field.
    `values` are the frequent ones, the most frequent first, with their shares; `rare` are the others that occurred, in order, and
    `rare_share` is what they come to. `unseen` is the share of rows with values beyond those, 0 unless there are more than SEEN.
    Shares are of all rows: all of them together are 1.
    """
    return {name: _category(values) for name, values in categories.items()}


def _category(values: np.ndarray) -> dict[str, Any]:
    rows = len(values)
    counts = Counter(values.tolist())
    missing = counts.pop(None, 0)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:SEEN]
    before = np.cumsum([0, *(count for _, count in ordered)])
    frequent = [one for one, sum_before in zip(ordered, before) if sum_before < COVERED * (rows - missing)][:FREQUENT]
    rare = ordered[len(frequent) :]
    return {
        "values": [value for value, _ in frequent],
        "shares": [count / rows for _, count in frequent],
        "rare": sorted(value for value, _ in rare),
        "rare_share": sum(count for _, count in rare) / rows,
        "missing": missing / rows,
        "unseen": (rows - missing - int(before[-1])) / rows,
    }
