"""Which lines count: corrections, withdrawals, chains of both, and their order."""

from __future__ import annotations

import pytest

from ledger.core.progress import by_target, effective

from .world import entries, status

LISTED = "{kind: accumulate, goal: {at_least: 6 家}}"


def ids(lines: str) -> list[str]:
    return [item.id.lstrip("0") for item in effective(entries(lines))]


@pytest.mark.parametrize(
    ("lines", "counting"),
    [
        ("- {id: 1, on: 2023-01-31}\n- {id: 2, on: 2023-02-28}", ["1", "2"]),
        ("- {id: 1, on: 2023-02-28}\n- {id: 2, on: 2023-01-31}", ["2", "1"]),  # by date
        ("- {id: 2, on: 2023-01-31}\n- {id: 1, on: 2023-01-31}", ["2", "1"]),  # then by place in the file
        ("- {id: 1, on: 2023-01-31}\n- {id: 2, on: 2023-01-31, corrects: 1}", ["2"]),
        ("- {id: 1, on: 2023-01-31}\n- {id: 2, on: 2023-01-31, voids: 1}", []),
        # a chain of corrections: the last counts
        (
            "- {id: 1, on: 2023-01-31}\n- {id: 2, on: 2023-01-31, corrects: 1}\n- {id: 3, on: 2023-01-31, corrects: 2}",
            ["3"],
        ),
        # two corrections of the same entry never count twice
        (
            "- {id: 1, on: 2023-01-31}\n- {id: 2, on: 2023-01-31, corrects: 1}\n- {id: 3, on: 2023-01-31, corrects: 1}",
            ["3"],
        ),
        # withdrawing a correction brings back what it replaced
        (
            "- {id: 1, on: 2023-01-31}\n- {id: 2, on: 2023-01-31, corrects: 1}\n- {id: 3, on: 2023-02-01, voids: 2}",
            ["1"],
        ),
        # withdrawing a withdrawal brings back the entry
        (
            "- {id: 1, on: 2023-01-31}\n- {id: 2, on: 2023-01-31, voids: 1}\n- {id: 3, on: 2023-02-01, voids: 2}",
            ["1"],
        ),
        # a withdrawal that is itself corrected into an ordinary entry no longer withdraws
        (
            "- {id: 1, on: 2023-01-31}\n- {id: 2, on: 2023-01-31, voids: 1}\n- {id: 3, on: 2023-01-31, corrects: 2}",
            ["1", "3"],
        ),
        # a withdrawn entry that was corrected before: the correction still stands
        (
            "- {id: 1, on: 2023-01-31}\n- {id: 2, on: 2023-01-31, corrects: 1}\n- {id: 3, on: 2023-01-31, voids: 1}",
            ["2"],
        ),
        # a line that corrects what nobody knows stands for itself, and so does the next of its kind
        (
            "- {id: 1, on: 2023-01-31, corrects: 8}\n- {id: 2, on: 2023-02-28, corrects: 9}",
            ["1", "2"],
        ),
        # the same line twice is one entry, and what comes behind it counts
        (
            "- {id: 1, on: 2023-01-31}\n- {id: 1, on: 2023-01-31}\n- {id: 2, on: 2023-02-28}",
            ["1", "2"],
        ),
        # the correction moves the figure to another day
        (
            "- {id: 1, on: 2023-01-31}\n- {id: 2, on: 2023-02-10}\n- {id: 3, on: 2023-02-28, corrects: 1}",
            ["2", "3"],
        ),
        # on the same day it keeps the place of what it corrects
        (
            "- {id: 1, on: 2023-01-31}\n- {id: 2, on: 2023-01-31}\n- {id: 3, on: 2023-01-31, corrects: 1}",
            ["3", "2"],
        ),
        # an unknown id, one that comes later, or its own has no effect
        ("- {id: 1, on: 2023-01-31}\n- {id: 2, on: 2023-01-31, voids: 9}", ["1"]),
        ("- {id: 1, on: 2023-01-31, corrects: 2}\n- {id: 2, on: 2023-01-31}", ["1", "2"]),
        ("- {id: 2, on: 2023-01-31, voids: 1}\n- {id: 1, on: 2023-01-31}", ["1"]),
        ("- {id: 1, on: 2023-01-31, corrects: 1}", ["1"]),
        # the same line twice is one entry
        ("- {id: 1, on: 2023-01-31}\n- {id: 1, on: 2023-01-31}", ["1"]),
    ],
)
def test_the_lines_that_count(lines: str, counting: list[str]) -> None:
    assert ids(lines) == counting
    once = effective(entries(lines))
    assert effective(once) == once


def test_a_correction_may_move_a_figure_to_the_target_it_belongs_to() -> None:
    lines = entries(
        "- {id: 1, on: 2023-01-31, target: a, add: 2 家}\n- {id: 2, on: 2023-01-31, target: b, add: 2 家, corrects: 1}"
    )
    assert {key: [row.id[-1] for row in rows] for key, rows in by_target(lines).items()} == {"b": ["2"]}


def test_a_correction_counts_whatever_day_it_was_written_for() -> None:
    lines = """
    - {id: 1, on: 2023-03-31, add: 5 家}
    - {id: 2, on: 2023-03-31, add: 2 家, corrects: 1, reason: 多报}
    - {id: 3, on: 2023-06-30, add: 1 家}
    - {id: 4, on: 2023-07-31, voids: 3, reason: 重复}
    """
    assert status(LISTED, lines, "2023-03-31").actual == "2家"
    assert status(LISTED, lines, "2023-06-30").actual == "2家"


def test_entries_after_the_day_are_not_counted_and_the_day_itself_is() -> None:
    lines = "- {on: 2023-03-31, add: 2 家}\n- {on: 2023-04-01, add: 3 家}"
    assert (status(LISTED, lines, "2023-03-31").actual, status(LISTED, lines, "2023-03-31").entries) == (
        "2家",
        1,
    )
    assert status(LISTED, lines, "2023-04-01").actual == "5家"
    assert status(LISTED, lines, "2023-03-30").light == "未报"
