"""Serialises a commitment or its draft as YAML, in the layout of the files that people type.

A field that is not set is not written. What it writes, `Ledger.read_commitment` reads back as the same commitment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.core.models import Commitment
from ledger.core.models.base import dump_model
from ledger.core.models.drafts import DraftCommitment
from ledger.files.yaml_reader import scalar

SCHEMA = "# yaml-language-server: $schema=../../../../schemas/{name}.schema.json"
DRAFT_NOTE = "# 草稿：数字和名称由规则读出，经 ledger draft --review 确认后才成为承诺。"
_HEAD = (
    "id",
    "department",
    "partners",
    "title",
    "year",
    "from",
    "to",
    "difficulty",
    "draft",
    "reviewed",
    "text",
)
_TARGET = (
    "key", "name", "kind", "direction", "goal", "stretch", "among", "unit", "baseline", "hold", "due", "weight", "steps",
    "plan", "review", "quote", "hedge", "part_of", "any_of", "note", "closed", "revisions",
)  # fmt: skip
_IN_BRACES = {"goal", "stretch", "plan", "review", "closed", "revisions"}


def encode(commitment: Commitment) -> str:
    """Return the text of the file."""
    data = dump_model(commitment)
    drafted = isinstance(commitment, DraftCommitment)
    lines = [SCHEMA.format(name="draft" if drafted else "commitment")]
    if drafted:
        lines.append(DRAFT_NOTE)
        data["draft"] = True
    lines += _head(data)
    lines.append("targets:" if data.get("targets") else "targets: []")
    for target in data.get("targets", ()):
        lines += _target(target)
    for group in ("unknown", "context", "revisions"):
        if items := data.get(group):
            lines.append(f"{group}:")
            lines += [f"  - {_flow(item)}" for item in items]
    for group in ("rules", "closed"):
        if data.get(group):
            lines.append(f"{group}: {_flow(data[group])}")
    return "\n".join(lines) + "\n"


def _head(data: Mapping[str, Any]) -> Iterator[str]:
    for field in _HEAD:
        if field == "text":
            yield "text: >-"
            yield f"  {data['text']}"
        elif field in data:
            value = data[field]
            yield f"{field}: {_flow(value) if isinstance(value, (list, tuple)) else _value(value)}"
        elif field == "difficulty":
            yield "difficulty:"


def _target(target: Mapping[str, Any]) -> Iterator[str]:
    lead = "  - "
    for field in _TARGET:
        if field not in target:
            continue
        value = target[field]
        if field == "steps":
            yield f"{lead}steps:"
            yield from (f"      - {_flow(step)}" for step in value)
        else:
            yield f"{lead}{field}: {_flow(value) if field in _IN_BRACES else _value(value)}"
        lead = "    "


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"  # a former value that was none
    return scalar(value) if isinstance(value, str) else str(value)


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _value(value)
