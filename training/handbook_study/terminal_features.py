"""Count and risk of a terminal as of the label delay: exact windows, and windows of whole slots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .data import DAY_S, WINDOWS_DAYS, Transactions

LABEL_DELAY_S = 7 * DAY_S
_HALF_RANGE = 1 << 40


@dataclass(frozen=True)
class Slots:
    """
    How a ring counts.

    seconds: width of a slot · further: whether windows reach one slot further than their name · labels: when a fraud
    counts, "as they come" (each once it is seven days old) or "all out" (slots all of whose labels are out, no others)
    """

    seconds: int
    further: bool = True
    labels: str = "as they come"


class _Times:
    """The times of events by terminal, to count those within bounds by bisection."""

    def __init__(self, terminal: np.ndarray, seconds: np.ndarray) -> None:
        self.sorted = np.sort(terminal * _HALF_RANGE + seconds)

    def between(self, terminal: np.ndarray, after: np.ndarray, until: np.ndarray) -> np.ndarray:
        """Events of the terminals in (after, until], by row."""
        begin = np.searchsorted(self.sorted, terminal * _HALF_RANGE + after, side="right")
        end = np.searchsorted(self.sorted, terminal * _HALF_RANGE + until, side="right")
        return np.maximum(end - begin, 0)


def terminal_features(t: Transactions, rows: np.ndarray, slots: Slots | None) -> np.ndarray:
    """
    Count and risk over 1, 7 and 30 days that end seven days before each of the rows: float32 [M, 6], in the order of the
    published columns; risk is 0 where the count is. Without slots, exactly the published windows (t − 7d − w, t − 7d].
    """
    events = _Times(t.terminal, t.seconds)
    frauds = _Times(t.terminal[t.fraud], t.seconds[t.fraud])
    terminal, now = t.terminal[rows], t.seconds[rows]
    known = now - LABEL_DELAY_S
    columns = []
    for days in WINDOWS_DAYS:
        if slots is None:
            after, until = known - days * DAY_S, known
        else:
            # Everything in seconds; (after, until] ends with the last second of a slot.
            youngest = known // slots.seconds - (slots.labels == "all out")
            oldest = youngest - days * DAY_S // slots.seconds + (not slots.further)
            after, until = oldest * slots.seconds - 1, (youngest + 1) * slots.seconds - 1
        count = events.between(terminal, after, until)
        fraud = frauds.between(terminal, after, np.minimum(until, known))
        columns += [count, np.divide(fraud, count, out=np.zeros(len(rows)), where=count > 0)]
    return np.column_stack(columns).astype(np.float32)
