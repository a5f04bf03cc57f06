"""The cases of `whole.yaml`, by the rules of 2023: of each kind of target in each situation every field of its status and of its aggregate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import fields

from ledger.core.findings import Finding
from ledger.core.progress import Aggregate, TargetStatus, Tier, assess, fold

from .world import POLICY_2023, commitment, entries, read, target

CASES = read(Path(__file__).with_name("whole.yaml").read_text(encoding="utf-8"))


def said(status: TargetStatus) -> dict[str, Any]:
    """What differs from a status of which nothing is known, figures and dates as text."""
    named = {
        field.name: getattr(status, field.name)
        for field in fields(status)
        if field.name not in {"key", "name", "kind", "paced_on", "completes", "months"}
    }
    empty = {field.name: field.default for field in fields(status)}
    return {name: plain(value) for name, value in named.items() if value != empty[name]}


def kept(aggregate: Aggregate) -> dict[str, Any]:
    """What differs from an empty aggregate."""
    values = {
        field.name: getattr(aggregate, field.name) for field in fields(aggregate) if field.name != "months"
    }
    empty = {field.name: field.default for field in fields(aggregate)}
    return {name: plain(value) for name, value in values.items() if value != empty[name]}


def plain(value: Any) -> Any:
    if isinstance(value, Tier):
        return [value.goal, value.reached]
    if isinstance(value, Finding):
        return [value.code, value.message, value.hint]
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value if isinstance(value, (bool, int)) else str(value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_everything_that_is_said(case: dict[str, Any]) -> None:
    one, day = target(case["target"]), case["as_of"]
    aggregate = fold(one, entries(case["entries"]), as_of=day, policy=POLICY_2023)
    assert kept(aggregate) == case["aggregate"]
    status = assess(commitment(one), one, aggregate, as_of=day, policy=POLICY_2023)
    assert said(status) == case["status"]
    assert (status.key, status.name, status.kind) == ("t", "目标", case["target"]["kind"])
