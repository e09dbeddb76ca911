"""What a training run prints."""

from __future__ import annotations

from .pipeline import Result


def _metrics_line(name: str, metrics: dict) -> str:
    return (
        f"{name:<20} average precision {metrics['average_precision']:.3f}   AUC {metrics['auc']:.4f}   "
        f"Brier {metrics['brier']:.5f}"
    )


def report(result: Result) -> str:
    """The manifest's metrics in a screenful."""
    metrics, training = result.manifest["metrics"], result.manifest["training"]
    holdout = metrics["holdout"]
    lines = [
        f"{training['trees']} trees of depth {training['parameters']['max_depth']} on {training['train']['rows']} rows "
        f"with {training['train']['frauds']} frauds",
        "ONNX to XGBoost: " + ", ".join(f"{name} {value:.1e}" for name, value in result.differences.items()),
        "",
        _metrics_line("holdout", holdout),
        _metrics_line("  with store down", metrics["holdout_store_down"]),
        _metrics_line("in-time test", metrics["in_time_test"]),
        "",
        f"holdout: {holdout['rows']} rows, {holdout['frauds']} frauds; mean score {holdout['mean_score']:.5f}, "
        f"fraud rate {holdout['fraud_rate']:.5f}, calibration error {holdout['uncalibrated']['calibration_error']:.5f} "
        f"→ {holdout['calibrated']['calibration_error']:.5f}",
    ]
    for bin_ in holdout["reliability"]:
        lines.append(
            f"  score {bin_['from']:<5} – {bin_['to']:<5}  rows {bin_['rows']:>8}   mean score {bin_['mean_score']:.4f}   "
            f"fraud rate {bin_['fraud_rate']:.4f}"
        )
    lines.append("")
    for action, at in holdout["thresholds"].items():
        precision = "–" if at["precision"] is None else f"{at['precision']:.3f}"
        lines.append(
            f"  {action:<8} ≥ {at['threshold']}   recall {at['recall']:.3f}   precision {precision}   "
            f"of traffic {at['alert_rate']:.4%}"
        )
    lines.append("")
    for scenario, found in holdout["by_scenario"].items():
        recall = "   ".join(f"{action} {value:.3f}" for action, value in found["recall"].items())
        lines.append(f"  {scenario:<24} frauds {found['frauds']:>5}   recall: {recall}")
    return "\n".join(lines)
