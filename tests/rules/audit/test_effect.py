"""A sealed month stays closed, by effect: over corrections and withdrawals of any length, whatever date a line carries."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.core.models import Entry
from ledger.core.models.base import read_model
from ledger.core.progress.entries import effective
from ledger.rules.effect import changes_sealed, unexplained_changes

UNTIL = date(2023, 6, 30)


def entry(number: int, on: str = "2023-05-10", **fields: Any) -> Entry:
    given = {"id": f"01H{number:023}", "on": on, "target": "listed", "add": "1家", "by": "张三"}
    if "voids" in fields:
        del given["add"]
    for name in ("corrects", "voids"):
        if name in fields:
            fields[name] = f"01H{fields[name]:023}"
    return read_model(Entry, given | fields)


MAY, JULY = entry(1), entry(2, "2023-07-05")


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        (entry(9, "2023-06-30"), True),
        (entry(9, "2023-07-01"), False),
        (entry(9, "2023-07-05", voids=1), True),  # withdraws a May entry under a July date
        (entry(9, "2023-07-05", voids=2), False),
        (entry(9, "2023-06-30", corrects=2), True),  # moves a July entry into June
        (entry(9, "2023-07-05", corrects=1), True),  # moves a May entry out of it
        (entry(9, "2023-05-10", corrects=1, add="2家"), True),
        (entry(9, "2023-05-10", corrects=1, note="附件补齐"), False),
        (entry(9, "2023-05-11", corrects=1), True),
        (entry(9, "2023-07-06", corrects=2, add="2家"), False),
    ],
)
def test_a_line_is_judged_by_what_it_changes(line: Entry, changes: bool) -> None:
    assert changes_sealed([MAY, JULY], line, UNTIL) is changes
    assert list(unexplained_changes([MAY, JULY], [line], UNTIL)) == ([line] if changes else [])
    explained = read_model(Entry, {**_plain(line), "late": True, "reason": "漏报"})
    assert list(unexplained_changes([MAY, JULY], [explained], UNTIL)) == []
    for half in ({"late": True}, {"reason": "漏报"}, {"late": True, "reason": " "}):
        assert (
            bool(list(unexplained_changes([MAY, JULY], [read_model(Entry, {**_plain(line), **half})], UNTIL)))
            is changes
        )


def test_a_chain_of_withdrawals_is_followed_to_its_end() -> None:
    """Withdrawing the withdrawal of a May entry brings it back into the sealed month."""
    void = entry(3, "2023-05-20", voids=1)
    back = entry(4, "2023-07-05", voids=3)
    assert changes_sealed([MAY, void], back, UNTIL)
    fixed = entry(5, "2023-07-05", corrects=2)
    assert not changes_sealed([MAY, JULY, fixed], entry(6, "2023-07-05", voids=5), UNTIL)


def _plain(line: Entry) -> dict[str, Any]:
    return {
        name: value for name in line.__struct_fields__ if (value := getattr(line, name)) not in (None, ())
    }


@st.composite
def files(draw: st.DrawFn) -> list[Entry]:
    lines: list[Entry] = []
    for number in range(1, draw(st.integers(1, 9))):
        on = (date(2023, 6, 27) + timedelta(days=draw(st.integers(0, 6)))).isoformat()
        link: dict[str, Any] = {}
        if number > 1:
            kind = draw(st.sampled_from(["", "corrects", "voids"]))
            link = {kind: draw(st.integers(1, number - 1))} if kind else {}
        fields = {} if "voids" in link else {"add": f"{draw(st.integers(1, 2))}家"}
        why = draw(st.sampled_from([{}, {"reason": "错"}, {"late": True, "reason": "漏"}]))
        lines.append(entry(number, on, **fields, **link, **why))
    return lines


@given(files(), st.integers(0, 8))
def test_where_nothing_is_found_only_explained_lines_have_changed_the_month(
    lines: list[Entry], cut: int
) -> None:
    before, added = lines[:cut], lines[cut:]

    def month(entries: list[Entry]) -> list[tuple[object, ...]]:
        return [(item.on, item.add) for item in effective(entries) if item.on <= UNTIL]

    found = list(unexplained_changes(before, added, UNTIL))
    explained = [item for item in added if item.late]
    if not found and not explained:
        assert month(before) == month(lines)
    if month(before) != month(lines):
        assert found or explained
