"""A plan, entries and a policy written as five lines of YAML in the test that needs them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from ledger.core.models import Commitment, Entry, LedgerConfig, Target
from ledger.core.models.base import read_model
from ledger.core.progress import Policy, TargetStatus, assess, fold
from ledger.core.structs import replace
from ledger.files.yaml_reader import Document, parse

LIGHTS = {
    "gap": "points",
    "bands": [
        {"light": "正常", "to": 0},
        {"light": "滞后", "from": 0, "to": 30},
        {"light": "严重滞后", "from": 30},
    ],
}


def read(text: str) -> Any:
    """The data of a YAML text."""
    document = parse(text.encode())
    assert isinstance(document, Document), document
    return document.data


def target(text: str | dict[str, Any]) -> Any:
    """A target; key, name and quote may be left out."""
    data = read(text) if isinstance(text, str) else text
    return read_model(Target, {"key": "t", "name": "目标", "quote": "原文", **data})


def commitment(*targets: Any, **fields: Any) -> Commitment:
    """The commitment 金融办-01 of 2023 holding these targets."""
    base = {"id": "金融办-01", "department": "金融办", "title": "题", "year": 2023, "text": "文"}
    made = read_model(Commitment, {**base, "targets": [_FILLER], **fields})
    return replace(made, targets=targets)


_FILLER = {"key": "t", "name": "目标", "quote": "原文", "kind": "judgement"}


def ulid(short: object) -> str:
    """A full entry id from a short one: A1 → 0000…A1."""
    return str(short).rjust(26, "0")


def entries(lines: str | Iterable[dict[str, Any]], key: str = "t") -> list[Entry]:
    """Entries in file order; id, target and by may be left out, ids may be short."""
    rows = read(lines) if isinstance(lines, str) else lines
    made = []
    for number, row in enumerate(rows, start=1):
        links = {name: ulid(row[name]) for name in ("corrects", "voids") if name in row}
        fields = {"target": key, "by": "张三", **row, "id": ulid(row.get("id", number)), **links}
        made.append(read_model(Entry, fields))
    return made


def policy(**config: Any) -> Policy:
    """A policy as `data/ledger.yaml` would give it; pace is judged at the very day unless the test says otherwise."""
    fields = {"name": "账本", "year": 2023, "lights": LIGHTS, "pace": "day", **config}
    return Policy.of(read_model(LedgerConfig, fields))


POLICY = policy()
POLICY_2023 = policy(rules=2023)


def status(
    plan: Any,
    lines: str | Sequence[Any],
    as_of: str | date,
    rules: Policy = POLICY_2023,
    **fields: Any,
) -> TargetStatus:
    """Where a target stands: the whole way from text to status; by the rules of 2023 unless others are given."""
    one = target(plan) if isinstance(plan, (str, dict)) else plan
    rows: Any = lines
    if isinstance(lines, str) or (lines and isinstance(lines[0], dict)):
        rows = entries(rows)
    day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    aggregate = fold(one, rows, as_of=day, policy=rules)
    return assess(commitment(one, **fields), one, aggregate, as_of=day, policy=rules)


def share(text: str) -> Fraction:
    """A fraction written as 1/3, 0.5 or 50%."""
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
