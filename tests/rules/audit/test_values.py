"""Entries that no honest command writes: found by the audit and refused by the guard, at their line, by the rules of `check`."""

from __future__ import annotations

import pytest

from tests.rules.audit.city import FINANCE_FILE, City

pytestmark = pytest.mark.usefixtures("told")

BAD = {
    "no figure": ({"add": "abc"}, "amount"),
    "another unit": ({"add": "1人"}, "unit"),
    "a foreign figure": ({"add": None, "rank": 3}, "foreign-figure"),
    "two figures": ({"total": "9家"}, "figures"),
    "nothing reported": ({"add": None}, "no-figure"),
    "negative without a word": ({"add": "-1家"}, "negative-add"),
    "a target that is not there": ({"target": "x"}, "target"),
    "a date of another year": ({"on": "2022-06-15"}, "date"),
    "a step nobody planned": ({"add": None, "target": "opinion", "step": "x"}, "unknown-step"),
    "a verdict without evidence": ({"add": None, "target": "front", "verdict": "met"}, "no-evidence"),
    "a correction of nothing": ({"corrects": "0" * 26, "reason": "x"}, "link-unknown"),
    "an id of the future": ({"id": "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"}, "clock"),
}


@pytest.mark.parametrize("name", BAD)
def test_an_entry_that_is_none(city: City, name: str) -> None:
    fields, rule = BAD[name]
    city.entry(FINANCE_FILE, **fields)
    found = [(item["rule"], item["path"], item["line"]) for item in city.audit(cwd=city.clone)]
    assert (rule, FINANCE_FILE, 4) in found
    city.guard()
    pushed = city.push()
    assert pushed.code != 0
    assert f"[{rule}]" in pushed.err


def test_a_correction_without_a_reason(city: City) -> None:
    first = city.read(FINANCE_FILE).partition('"id": "')[2][:26]
    city.entry(FINANCE_FILE, corrects=first)
    assert ("no-reason", FINANCE_FILE, 4) in [
        (item["rule"], item["path"], item["line"]) for item in city.audit(cwd=city.clone)
    ]


def test_what_others_cause_is_no_reason_to_refuse(city: City) -> None:
    """A running total below the sum of increments is doubtful: `check` lists it, the guard takes it."""
    city.entry(FINANCE_FILE, add=None, total="1家")
    assert city.audit(cwd=city.clone) == []
    assert "falling-total" in city.ledger("check", "--format", "json").out
    city.guard()
    assert city.push().code == 0
