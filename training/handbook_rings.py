"""
Prints what slots of several widths cost: bytes of a ring, distance from the published terminal features, average precision.

    npm run train -- --rings ../shared/data/handbook
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from handbook_study.data import Published, Transactions, day_of, read_published, read_transactions
from handbook_study.protocol import DEVELOPMENT_WEEKS, average_precision, fold
from handbook_study.terminal_features import Slots, terminal_features

HOUR_S = 3600
# As in libs/features/src/state/ring.ts.
SLOT_BYTES, HOUR_SLOTS, DAYS_KEPT = 20, 24, 38

VARIANTS: dict[str, Slots | None] = {
    "exact windows": None,
    "1 h": Slots(HOUR_S),
    "6 h": Slots(6 * HOUR_S),
    "24 h": Slots(24 * HOUR_S),
    "24 h, not one slot further": Slots(24 * HOUR_S, further=False),
    "24 h, only slots whose labels are all out": Slots(24 * HOUR_S, labels="all out"),
}

# The test weeks of the development part; and one that begins on every third day, to see more than four draws.
WEEKS = [day_of(d) for d in DEVELOPMENT_WEEKS]
MORE_WEEKS = list(range(day_of("2018-06-19"), day_of("2018-08-01") + 1, 3))


def ring_bytes(slots: Slots | None) -> str:
    if slots is None:
        return "–"
    return f"{SLOT_BYTES * (HOUR_SLOTS + DAYS_KEPT * 24 * HOUR_S // slots.seconds):,}"


def precisions(t: Transactions, published: Published, terminal: np.ndarray, weeks: list[int]) -> np.ndarray:
    """Average precision of each test week with these terminal columns."""
    x, label = np.hstack([published.own, terminal]), t.fraud[published.rows]
    return np.array([average_precision(x, label, *fold(t, published.rows, week)) for week in weeks])


def main(directory: Path) -> None:
    t = read_transactions(directory)
    published = read_published(directory, t)
    weekly = precisions(t, published, published.terminal, WEEKS)
    often = precisions(t, published, published.terminal, MORE_WEEKS)
    print(f"{len(published.rows):,} rows; with the published columns the average precision is "
          f"{weekly.mean():.4f} over {len(WEEKS)} weeks, {often.mean():.4f} over {len(MORE_WEEKS)}\n")
    print("| Slot | Bytes of a ring | Equal counts | Off by | Equal risks | Off by | AP, 4 weeks | AP, "
          f"{len(MORE_WEEKS)} weeks | Standard error |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, slots in VARIANTS.items():
        own = terminal_features(t, published.rows, slots)
        off = np.abs(own - published.terminal)
        # The file has four decimals.
        equal = off < 1e-4
        change = precisions(t, published, own, MORE_WEEKS) - often
        cells = [
            name,
            ring_bytes(slots),
            f"{equal[:, 0::2].mean():.1%}",
            f"{off[:, 0::2].mean():.3f}",
            f"{equal[:, 1::2].mean():.1%}",
            f"{off[:, 1::2].mean():.5f}",
            f"{(precisions(t, published, own, WEEKS) - weekly).mean():+.4f}",
            f"{change.mean():+.4f}",
            f"{change.std(ddof=1) / np.sqrt(len(change)):.4f}",
        ]
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
