"""A commitment's status in JSON types and back, exactly; made from the fields of `TargetStatus`, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from ledger.core.progress.averages import Mean
from ledger.core.progress.lights import Light
from ledger.core.progress.report import CommitmentStatus
from ledger.core.progress.status import CauseAndMeasure, Returned, ReviewStatus, TargetStatus, Tier
from ledger.core.structs import FrozenStruct

Row = list[Any]


class CachedClosing(FrozenStruct):
    """When, by whom and on what grounds a commitment was closed."""

    on: date
    by: str
    evidence: tuple[str, ...]
    reason: str | None


class CachedCommitment(FrozenStruct):
    """What a report says of a commitment besides its status."""

    id: str
    department: str
    title: str
    difficulty: str | None
    closed: CachedClosing | None = None


class CachedDepartment(FrozenStruct):
    """A department as the report and the command line need it."""

    name: str
    inferred: bool
    aliases: tuple[str, ...]


def encode(status: CommitmentStatus) -> Row:
    """Return a commitment's status in JSON types; figures as exact text."""
    head, closed = status.commitment, status.commitment.closed
    return [
        [head.id, head.department, head.title, head.difficulty],
        None if closed is None else [str(closed.on), closed.by, list(closed.evidence), closed.reason],
        _mean(status.completion),
        None if status.verified is None else _mean(status.verified),
        status.light.value,
        [[write(getattr(target, name)) for name, write in _WRITE] for target in status.targets],
    ]


def _mean(mean: Mean) -> Row:
    return [_text(mean.value), mean.counted, mean.uncounted, mean.silent]


def decode(row: Row) -> CommitmentStatus:
    """Read what `encode` wrote. Raises TypeError, ValueError, KeyError or IndexError for anything else."""
    head, closed, completion, verified, light, targets = row
    closing = None
    if closed is not None:
        closing = CachedClosing(date.fromisoformat(closed[0]), closed[1], tuple(closed[2]), closed[3])
    return CommitmentStatus(
        commitment=CachedCommitment(head[0], head[1], head[2], head[3], closing),
        completion=Mean(_fraction(completion[0]), *completion[1:]),
        verified=None if verified is None else Mean(_fraction(verified[0]), *verified[1:]),
        light=_LIGHTS[light],
        targets=tuple(_target(target) for target in targets),
    )


def _target(values: Row) -> TargetStatus:
    values = values.copy()  # what was read may be stored again
    for index, read in _READ:
        value = values[index]
        if value is not None:
            values[index] = read(value)
    return TargetStatus(*values)


_LIGHTS = {light.value: light for light in Light}
_fractions: dict[str, Fraction] = {}
_dates: dict[str, date] = {}


def _fraction(text: str | None) -> Fraction | None:
    if text is None:
        return None
    fraction = _fractions.get(text)
    if fraction is None:
        above, _, below = text.partition("/")
        fraction = _fractions[text] = Fraction(int(above), int(below)) if below else Fraction(int(above))
    return fraction


def _date(text: str) -> date:
    day = _dates.get(text)
    if day is None:
        day = _dates[text] = date.fromisoformat(text)
    return day


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _same(value: Any) -> Any:
    return value


def _tiers(value: tuple[Tier, ...]) -> list[list[Any]]:
    return [[tier.goal, tier.reached] for tier in value]


def _review(value: ReviewStatus | None) -> Row | None:
    if value is None:
        return None
    returned = [[item.entry, str(item.on), item.reason, item.by] for item in value.returned]
    return [value.verified, value.unverified, returned, value.actual, _text(value.completion)]


def _read_review(row: Row) -> ReviewStatus:
    verified, unverified, returned, actual, completion = row
    items = tuple(Returned(entry, _date(on), reason, by) for entry, on, reason, by in returned)
    return ReviewStatus(verified, unverified, items, actual, _fraction(completion))


def _remark(value: CauseAndMeasure | None) -> Row | None:
    if value is None:
        return None
    return [str(value.on), *value[1:4], _text(value.until), value.by, value.overdue]


def _read_remark(row: Row) -> CauseAndMeasure:
    on, cause, measure, owner, until, by, overdue = row
    return CauseAndMeasure(_date(on), cause, measure, owner, _date(until) if until else None, by, overdue)


_CODECS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any] | None]] = {
    "str": (_same, None),
    "str | None": (_same, None),
    "bool | None": (_same, None),
    "bool": (_same, None),
    "int": (_same, None),
    "Light": (str, _LIGHTS.__getitem__),
    "Fraction | None": (_text, _fraction),
    "date | None": (_text, _date),
    "tuple[str, ...]": (list, tuple),
    "ReviewStatus | None": (_review, _read_review),
    "CauseAndMeasure | None": (_remark, _read_remark),
    "tuple[Tier, ...]": (_tiers, lambda pairs: tuple(Tier(*pair) for pair in pairs)),
}
"""How the values of a field of each type are written and, where they differ in JSON, read."""

_FIELDS = [(name, _CODECS[TargetStatus.__annotations__[name]]) for name in TargetStatus.__struct_fields__]
_WRITE = [(name, codec[0]) for name, codec in _FIELDS]
_READ = [(index, codec[1]) for index, (_, codec) in enumerate(_FIELDS) if codec[1] is not None]
