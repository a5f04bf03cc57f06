"""Two versions of a commitment file, compared item by item: the commitment and each of its targets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from ledger.core.findings import Finding
from ledger.core.models import Commitment
from ledger.core.models.base import Model, ValidationError, fields_of, read_model
from ledger.core.models.revisions import (
    CommitmentWas,
    CompareWas,
    FiguredWas,
    RankWas,
    Was,
)
from ledger.core.quantity import Quantity
from ledger.core.structs import FrozenStruct
from ledger.core.units import UnitTable
from ledger.files.yaml_reader import Document, parse
from ledger.rules.audit.commit_context import CommitContext

_NOT_FIELDS = {"targets", "revisions"}
_WAS: dict[str, type[Model]] = {
    "accumulate": FiguredWas, "level": FiguredWas, "change": FiguredWas, "rank": RankWas, "compare": CompareWas,
    "milestone": Was, "judgement": Was,
}  # fmt: skip


class CommitmentVersion(FrozenStruct):
    """One version of a commitment file."""

    document: Document
    commitment: Commitment


class GoalChange(FrozenStruct):
    """A changed commitment file: its path, both versions, whether the commit gives a reason of its own, and its day where that is late."""

    context: CommitContext
    path: str
    old: CommitmentVersion
    new: CommitmentVersion
    reason: bool
    late: date | None

    def finding(self, code: str, message: str, line: int, hint: str) -> Finding:
        """Return a finding at a line of the new file."""
        return self.context.finding(code, message, self.path, line, hint)


class GoalItem(FrozenStruct):
    """A commitment or one of its targets before and after, and its position in the new file."""

    before: Any
    after: Any
    loc: tuple[str | int, ...]
    name: str
    """Prefix of its fields in messages; empty for the commitment itself."""

    @property
    def changed(self) -> list[str]:
        """The fields whose values differ, in the order of the model."""
        fields = dict.fromkeys((*compared_fields(self.before), *compared_fields(self.after)))
        return [
            field
            for field in fields
            if not same_values(value_of(self.before, field), value_of(self.after, field))
        ]

    @property
    def holdable(self) -> frozenset[str]:
        """The fields whose former value a revision can keep."""
        was: type[Model] = CommitmentWas if isinstance(self.after, Commitment) else _WAS[self.after.kind]
        return frozenset(fields_of(was))

    @property
    def fresh(self) -> Sequence[Any]:
        """The revisions that the change added."""
        return tuple(self.after.revisions[len(self.before.revisions) :])


def items_of(old: CommitmentVersion, new: CommitmentVersion) -> Iterator[GoalItem]:
    """Yield the commitment and each target that both versions have."""
    yield GoalItem(old.commitment, new.commitment, (), "")
    before = {target.key: target for target in old.commitment.targets}
    for number, target in enumerate(new.commitment.targets):
        if target.key in before:
            yield GoalItem(before[target.key], target, ("targets", number), target.name)


def compared_fields(item: Any) -> tuple[str, ...]:
    """Return the fields of a commitment or target that are compared: all but its targets and revisions."""
    fields = tuple(field for field in fields_of(type(item)) if field not in _NOT_FIELDS)
    return (
        fields
        if isinstance(item, Commitment)
        else ("kind", *fields, *(("unit",) if hasattr(item, "unit") else ()))
    )


def value_of(item: Any, field: str) -> Any:
    """Return the value of a field; None where the kind of target does not have it."""
    return getattr(item, field, None)


def same_values(first: Any, second: Any) -> bool:
    """Return whether two values mean the same, however their quantities are written."""
    return bool(_meaning(first) == _meaning(second))


def _meaning(value: Any) -> Any:
    if isinstance(value, Quantity):
        return value.value, value.unit
    if isinstance(value, Model):
        return type(value), tuple(_meaning(getattr(value, field)) for field in fields_of(type(value)))
    return tuple(map(_meaning, value)) if isinstance(value, tuple) else value


def key_of(item: GoalItem) -> str:
    """Return the key of a target; empty for the commitment."""
    return "" if isinstance(item.after, Commitment) else item.after.key


def written_name(field: str) -> str:
    """Return the key of a field in the file."""
    return {"period_from": "from", "period_to": "to"}.get(field, field)


def read_version(raw: bytes, units: UnitTable) -> CommitmentVersion | Finding:
    """Read one version of a commitment file; return what is wrong where it cannot be read."""
    document = parse(raw)
    if isinstance(document, Finding):
        return document
    try:
        return CommitmentVersion(document, read_model(Commitment, document.data, units))
    except ValidationError as error:
        return error.findings[0]
