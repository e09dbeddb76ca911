"""
The trees as an ONNX graph that answers score and reasons in one run.

Each leaf of an ordinary export carries one number, its value. Here it carries a vector: its value for the margin and what
features contribute there (contributions.py). Summing leaves over the trees then gives the margin and all contributions
together, for little more than the margin alone costs.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .trees import LeafContributions, Tree

# What onnxruntime-node 1.30 loads; the onnx package would write newer ones by default.
IR_VERSION = 8
OPSET = 15
ML_OPSET = 3

INPUT = "features"
SCORE = "score"
CONTRIBUTIONS = "contributions"

MARGIN_TARGET = 0

# The Sigmoid runs over the first four columns, of which only the margin's is kept: ONNX Runtime's generic kernel takes
# four values at a time and computes a rest in another way, so that without this a score's last bit could depend on the
# row's place in the batch (not on x86 with AVX, whose kernel masks the rest).
LANES = 4


def _node_attributes(trees: list[Tree]) -> dict[str, list]:
    """One entry a node over all trees. A split is BRANCH_LT: `x < value` goes to the true (left) child."""
    columns: dict[str, list] = {
        name: []
        for name in (
            "treeids nodeids featureids modes values truenodeids falsenodeids missing_value_tracks_true".split()
        )
    }
    for tree_id, tree in enumerate(trees):
        for node in range(len(tree.left)):
            leaf = tree.left[node] == -1
            columns["treeids"].append(tree_id)
            columns["nodeids"].append(node)
            columns["featureids"].append(0 if leaf else int(tree.feature[node]))
            columns["modes"].append("LEAF" if leaf else "BRANCH_LT")
            columns["values"].append(0.0 if leaf else float(tree.threshold[node]))
            columns["truenodeids"].append(0 if leaf else int(tree.left[node]))
            columns["falsenodeids"].append(0 if leaf else int(tree.right[node]))
            columns["missing_value_tracks_true"].append(0 if leaf else int(tree.default_left[node]))
    return {f"nodes_{name}": values for name, values in columns.items()}


def _target_attributes(trees: list[Tree], leaves: list[LeafContributions]) -> dict[str, list]:
    """One entry a leaf and target: the leaf value in target 0, the contribution of feature f in target f + 1."""
    tree_ids, node_ids, ids, weights = [], [], [], []
    for tree_id, (tree, contributions) in enumerate(zip(trees, leaves)):
        for node, values in sorted(contributions.items()):
            carried = {MARGIN_TARGET: float(tree.expectation[node])} | {f + 1: c for f, c in values.items()}
            for target, weight in sorted(carried.items()):
                tree_ids.append(tree_id)
                node_ids.append(node)
                ids.append(target)
                weights.append(weight)
    return {
        "target_treeids": tree_ids,
        "target_nodeids": node_ids,
        "target_ids": ids,
        "target_weights": weights,
    }


def to_onnx(
    trees: list[Tree], leaves: list[LeafContributions], base_margin: float, feature_count: int
) -> onnx.ModelProto:
    """
    leaves: what each tree's leaves contribute

    Input `features` float32 [N, F], NaN = missing.
    Outputs `score` float32 [N], a probability, and `contributions` float32 [N, F], log-odds.
    """
    if feature_count + 1 < LANES:
        raise ValueError(f"a model needs at least {LANES - 1} features")
    ensemble = helper.make_node(
        "TreeEnsembleRegressor",
        [INPUT],
        ["sums"],
        domain="ai.onnx.ml",
        n_targets=feature_count + 1,
        aggregate_function="SUM",
        # LOGISTIC would be ignored here by ONNX Runtime, hence the Sigmoid below.
        post_transform="NONE",
        base_values=[base_margin] + [0.0] * feature_count,
        **_node_attributes(trees),
        **_target_attributes(trees, leaves),
    )
    constants = {
        "margin_target": np.array(MARGIN_TARGET, dtype=np.int64),
        "margin_begin": np.array([MARGIN_TARGET], dtype=np.int64),
        "lanes_end": np.array([MARGIN_TARGET + LANES], dtype=np.int64),
        "first": np.array([MARGIN_TARGET + 1], dtype=np.int64),
        "end": np.array([feature_count + 1], dtype=np.int64),
        "target_axis": np.array([1], dtype=np.int64),
    }
    graph = helper.make_graph(
        [
            ensemble,
            helper.make_node("Slice", ["sums", "margin_begin", "lanes_end", "target_axis"], ["lanes"]),
            helper.make_node("Sigmoid", ["lanes"], ["sigmoids"]),
            # A scalar index drops the axis: [N, LANES] → [N].
            helper.make_node("Gather", ["sigmoids", "margin_target"], [SCORE], axis=1),
            helper.make_node("Slice", ["sums", "first", "end", "target_axis"], [CONTRIBUTIONS]),
        ],
        "fraud_model",
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["rows", feature_count])],
        [
            helper.make_tensor_value_info(SCORE, TensorProto.FLOAT, ["rows"]),
            helper.make_tensor_value_info(CONTRIBUTIONS, TensorProto.FLOAT, ["rows", feature_count]),
        ],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(
        graph,
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)],
        producer_name="fraud-detection",
    )
    onnx.checker.check_model(model)
    return model
