"""Windows by bisection are those of plain lists."""

from __future__ import annotations

import unittest

import numpy as np

from handbook_study.data import DAY_S, WINDOWS_DAYS, Transactions
from handbook_study.terminal_features import LABEL_DELAY_S, Slots, terminal_features

HOUR_S = 3600


def made_up(rows: int = 600, days: int = 60) -> Transactions:
    """Few terminals, and times on whole hours, so that bounds are met."""
    random = np.random.default_rng(5)
    return Transactions(
        seconds=np.sort(random.integers(0, days * 24, rows)) * HOUR_S + 1_500_000_000 // DAY_S * DAY_S,
        customer=np.zeros(rows, np.int64),
        terminal=random.integers(0, 4, rows),
        amount=np.ones(rows),
        fraud=random.random(rows) < 0.3,
    )


class TerminalFeatures(unittest.TestCase):
    def compare(self, slots: Slots | None, counted) -> None:
        """counted(age in seconds, row's time, event's time, days): whether an event of that age is in the window."""
        t = made_up()
        rows = np.arange(len(t.seconds))
        expected = []
        for row in rows:
            now = int(t.seconds[row])
            values = []
            for days in WINDOWS_DAYS:
                inside = [
                    other
                    for other in rows
                    if t.terminal[other] == t.terminal[row] and counted(now, int(t.seconds[other]), days)
                ]
                known = [other for other in inside if t.fraud[other] and t.seconds[other] + LABEL_DELAY_S <= now]
                values += [len(inside), len(known) / len(inside) if inside else 0]
            expected.append(values)
        np.testing.assert_array_equal(terminal_features(t, rows, slots), np.array(expected, np.float32))

    def test_exact_windows_end_with_the_delay_and_leave_out_their_first_moment(self) -> None:
        self.compare(None, lambda now, at, days: 0 <= now - LABEL_DELAY_S - at < days * DAY_S)

    def test_slots_are_whole_and_reach_one_further(self) -> None:
        for width in (6 * HOUR_S, DAY_S):
            self.compare(
                Slots(width),
                lambda now, at, days: 0
                <= now // width - at // width - LABEL_DELAY_S // width
                <= days * DAY_S // width,
            )

    def test_windows_of_their_name_alone(self) -> None:
        self.compare(
            Slots(DAY_S, further=False),
            lambda now, at, days: 0 <= now // DAY_S - at // DAY_S - 7 < days,
        )

    def test_only_slots_whose_labels_are_all_out(self) -> None:
        self.compare(
            Slots(DAY_S, labels="all out"),
            lambda now, at, days: 1 <= now // DAY_S - at // DAY_S - 7 <= days + 1,
        )
