"""
The Handbook's protocol with this engine's features, beside its published ones.

    npm run handbook -- ../shared/data/handbook
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from handbook_study.data import day_of, read_published, read_transactions
from handbook_study.engine_matrix import read_engine_matrix
from handbook_study.measure import CHOSEN, FIGURES, PUBLISHED, Measured, Recipe, measure
from handbook_study.protocol import DEVELOPMENT_WEEKS

WEEK, FOUR_WEEKS = 7, 28

HEAD = """# Quality on the Fraud Detection Handbook's data

Written by `npm run handbook`. Do not edit.

The data is nobody's here: simulated card transactions of Le Borgne, Siblini, Lebichot and Bontempi, _Reproducible Machine Learning for
Credit Card Fraud Detection – Practical Handbook_, ULB 2022. It has no licence: neither it nor a model trained on it is part of
this repository. It knows customer, terminal, time and amount, and nothing of channel, device, address or place.
"""

PROTOCOL = """
## Protocol

That of the book: train on seven days, wait seven for the labels, test on seven, without the customers whose fraud is known by then. The
figures are means over the four test weeks of the development part, which begin on 11, 18 and 25 July and 1 August 2018. _AUC_ is the
area under the ROC curve, _AP_ the average precision, _CP@100_ the card precision: per day the share of compromised cards among the 100 with
the highest scores, without those that were found before. In brackets stand 95 % of a bootstrap over the days of the test
weeks.

With four weeks of training the test rows are the same, so that only training differs. (The book would then leave out the customers with a
fraud in any of the four weeks, which makes another, harder test.)

The engine's features are those of a live decision, never touched for this data: `npm run matrix -- --data` replays all transactions
from 1 April on, and a fraud becomes known seven days after it happened. Terminal features come from rings with day slots
([ADR 0011](adr/0011-day-slots.md)). Columns without a value here ({missing} of {all}) say nothing.

Hyperparameters are the published ones, or those that were best on the four test weeks before 11 July, never on the weeks of the
table: {chosen}. Both with `base_score` 0.5 and histograms of 4,096 bins.
"""


def _cells(found: Measured) -> list[str]:
    cells = []
    for name in FIGURES:
        low, high = found.low_high[name]
        cells.append(f"**{found.mean[name]:.3f}** ({low:.3f} – {high:.3f})")
    return cells


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description="Runs the Handbook's protocol with the engine's features.")
    parser.add_argument("--data", type=Path, required=True, help="directory of the Handbook's files")
    parser.add_argument("--matrix", type=Path, required=True, help="directory of the engine's matrix of them")
    parser.add_argument("--out", type=Path, help="Markdown file to write")
    parser.add_argument("--one", action="store_true", help="only the first test week, one week of training; writes nothing")
    options = parser.parse_args()

    t = read_transactions(options.data)
    engine = read_engine_matrix(options.matrix, t)
    if options.one:
        found = measure(t, engine.rows, engine.x, PUBLISHED, [day_of(DEVELOPMENT_WEEKS[0])], WEEK)
        print("  ".join(f"{name} {found.mean[name]:.4f}" for name in FIGURES))
        return

    weeks = [day_of(date) for date in DEVELOPMENT_WEEKS]
    published = read_published(options.data, t)
    fifteen = np.hstack([published.own, published.terminal])
    table = [
        _line("Features", "Training", "XGBoost", "AUC", "AP", "CP@100"),
        _line(*["---"] * 6),
        _line("published, by the authors", "1 week", PUBLISHED.name, "0.871", "0.694", "0.304"),
    ]
    by_fold = []

    def add(name: str, rows: np.ndarray, x: np.ndarray, recipe: Recipe, days: int) -> None:
        found = measure(t, rows, x, recipe, weeks, days)
        training = "1 week" if days == WEEK else "4 weeks"
        table.append(_line(name, training, recipe.name, *_cells(found)))
        print(table[-1], flush=True)
        by_fold.append(_line(name, training, recipe.name, *(f"{ap:.3f}" for ap in found.folds[:, 1])))

    add("the 15 published ones, here", published.rows, fifteen, PUBLISHED, WEEK)
    for recipe in (PUBLISHED, CHOSEN):
        for days in (WEEK, FOUR_WEEKS):
            add("**the engine's**", engine.rows, engine.x, recipe, days)

    text = [
        HEAD,
        *table,
        "",
        "The first line is what the book reports on four weekly folds of its own, in later weeks than these; the second is the same recipe on these.",
        "",
        "Average precision by test week:",
        "",
        _line("Features", "Training", "XGBoost", *DEVELOPMENT_WEEKS),
        _line(*["---"] * (3 + len(DEVELOPMENT_WEEKS))),
        *by_fold,
        PROTOCOL.format(
            missing=engine.all_features - len(engine.features), all=engine.all_features, chosen=CHOSEN.name
        ).rstrip(),
        "",
    ]
    if options.out is not None:
        options.out.write_text("\n".join(text), encoding="utf-8")
        print(f"\nwritten: {options.out}")


if __name__ == "__main__":
    main()
