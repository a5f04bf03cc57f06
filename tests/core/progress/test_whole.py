"""The cases of `whole.yaml`: of each kind of target in each situation every field of its status and of its tally."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from ledger.core.progress import Aggregate, TargetStatus, Tier, assess, fold

from .world import POLICY, commitment, entries, read, target

CASES = read(Path(__file__).with_name("whole.yaml").read_text(encoding="utf-8"))


def said(status: TargetStatus) -> dict[str, Any]:
    """What differs from a status of which nothing is known, figures and dates as text."""
    named = {
        field.name: getattr(status, field.name)
        for field in fields(status)
        if field.name not in {"key", "name", "kind"}
    }
    empty = {field.name: field.default for field in fields(status)}
    return {name: plain(value) for name, value in named.items() if value != empty[name]}


def plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [[one.goal, one.reached] if isinstance(one, Tier) else one for one in value]
    return value if isinstance(value, (bool, int)) else str(value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_everything_that_is_said(case: dict[str, Any]) -> None:
    one, day = target(case["target"]), case["as_of"]
    tally = fold(one, entries(case["entries"]), as_of=day, policy=POLICY)
    assert tally.as_json() == case["tally"]
    assert Aggregate.of_json(tally.as_json()) == tally
    status = assess(commitment(one), one, tally, as_of=day, policy=POLICY)
    assert said(status) == case["status"]
    assert (status.key, status.name, status.kind) == ("t", "目标", case["target"]["kind"])
