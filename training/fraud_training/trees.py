"""The trees of a booster as plain arrays, with the expected value of every node."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Tree:
    """
    One tree, nodes in depth-first order with the root first; all arrays have one entry a node.

    number: XGBoost's own numbers of the nodes · left, right: child index, -1 on leaves · feature: column tested · threshold: float32, `x < threshold` goes left
    default_left: where a missing value goes · expectation: float64 log-odds, the cover-weighted mean of the leaves
    below; on a leaf, its value
    """

    number: np.ndarray
    left: np.ndarray
    right: np.ndarray
    feature: np.ndarray
    threshold: np.ndarray
    default_left: np.ndarray
    expectation: np.ndarray


def _reachable(left: list[int], right: list[int]) -> list[int]:
    """Depth-first order from the root; pruned nodes stay in XGBoost's arrays and are left behind here."""
    order, stack = [], [0]
    while stack:
        node = stack.pop()
        order.append(node)
        if left[node] != -1:
            stack += [right[node], left[node]]
    return order


def _parse_tree(raw: dict[str, Any]) -> Tree:
    if raw.get("categories"):
        raise ValueError("categorical splits are not supported")
    old_left, old_right = raw["left_children"], raw["right_children"]
    order = _reachable(old_left, old_right)
    place = {old: new for new, old in enumerate(order)} | {-1: -1}
    cover = raw["sum_hessian"]
    # On leaves XGBoost keeps the leaf value where others keep the threshold.
    expectation = np.array([raw["split_conditions"][old] for old in order], dtype=np.float64)
    for new in reversed(range(len(order))):
        old = order[new]
        a, b = old_left[old], old_right[old]
        if a != -1:
            total = cover[a] + cover[b]
            weighted = expectation[place[a]] * cover[a] + expectation[place[b]] * cover[b]
            expectation[new] = weighted / total if total > 0 else 0.0
    return Tree(
        number=np.array(order),
        left=np.array([place[old_left[old]] for old in order]),
        right=np.array([place[old_right[old]] for old in order]),
        feature=np.array([raw["split_indices"][old] for old in order]),
        threshold=np.array([raw["split_conditions"][old] for old in order], dtype=np.float32),
        default_left=np.array([raw["default_left"][old] for old in order], dtype=bool),
        expectation=expectation,
    )


def parse_trees(model: dict[str, Any]) -> tuple[list[Tree], float]:
    """Trees and the base margin (log-odds that every row starts from) of XGBoost's JSON form."""
    learner = model["learner"]
    # Written as a number in brackets, "[5E-1]", since a model may have several targets.
    base = float(learner["learner_model_param"]["base_score"].strip("[]"))
    trees = [_parse_tree(raw) for raw in learner["gradient_booster"]["model"]["trees"]]
    return trees, math.log(base / (1 - base))


def bias(trees: list[Tree], base_margin: float) -> float:
    """Log-odds of a row nothing is known about: margin = bias + the sum of its contributions."""
    return base_margin + float(sum(tree.expectation[0] for tree in trees))


# Log-odds that each feature adds at each leaf, {leaf: {feature: log-odds}}: with the root's expectation they sum to the leaf's value.
LeafContributions = dict[int, dict[int, float]]


def path_contributions(tree: Tree) -> LeafContributions:
    """
    For each leaf, what each feature on its path moved the expectation by: {leaf: {feature: log-odds}}.
    Same definition as XGBoost's `approx_contribs`.
    """
    found: dict[int, dict[int, float]] = {}
    stack: list[tuple[int, dict[int, float]]] = [(0, {})]
    while stack:
        node, path = stack.pop()
        if tree.left[node] == -1:
            found[node] = path
            continue
        feature = int(tree.feature[node])
        for child in (int(tree.left[node]), int(tree.right[node])):
            step = float(tree.expectation[child] - tree.expectation[node])
            stack.append((child, {**path, feature: path.get(feature, 0.0) + step}))
    return found
