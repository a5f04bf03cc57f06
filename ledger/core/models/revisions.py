"""Revisions and closing of a commitment after it was signed; the original values are kept.

Each revision names who changed what and why, and keeps under `was` the value each field had before it; null is "there was none".
A field's original is thus its value in the first revision that names it. The fields in `DATED` hold from the day a revision takes
effect; the others describe the whole year, so that their last value holds for all of it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, TypeVar

from ledger.core.models.base import (
    ABSENT,
    Absent,
    Amount,
    FieldError,
    Model,
    OneLine,
    Ordinal,
    Positive,
    defaults_of,
    doc,
    fields_of,
)
from ledger.core.models.goals import CompareGoal, Goal, PlanPoint, RankGoal
from ledger.core.structs import NODEFAULT, field, replace

T = TypeVar("T", bound=Model)
DATED = ("goal", "stretch", "due", "weight", "difficulty", "closed")
"""The fields of a target or commitment that hold from a day on; the others describe the whole year."""


class Closing(Model):
    """A commitment or a target taken off the list (销号)."""

    on: Annotated[date, doc("销号日期")]
    by: Annotated[OneLine, doc("谁销的号")]
    evidence: Annotated[tuple[OneLine, ...], doc("佐证材料：文号、网址、文件", min_length=1)]
    reason: Annotated[OneLine | None, doc("没有达标而销号的理由")] = None


class Was(Model):
    """The values that fields had before a change; only those that were changed stand here."""

    name: Annotated[OneLine | Absent | None, doc("原名称")] = ABSENT
    due: Annotated[date | Absent | None, doc("原应完成日期；空为没有写")] = ABSENT
    weight: Annotated[Positive | Absent | None, doc("原权重；空为没有写")] = ABSENT
    closed: Annotated[Closing | Absent | None, doc("被撤销的销号")] = ABSENT

    def __post_init__(self) -> None:
        if not given(self):
            raise FieldError("was 要写明改动之前的值")


class FiguredWas(Was):
    """Former values of a target judged by a figure."""

    goal: Annotated[Goal | Absent | None, doc("原目标值")] = ABSENT
    stretch: Annotated[tuple[Goal, ...] | Absent | None, doc("原争取目标；空为没有写")] = ABSENT
    baseline: Annotated[Amount | Absent | None, doc("原基期数；空为没有写")] = ABSENT
    plan: Annotated[tuple[PlanPoint, ...] | Absent | None, doc("原分时段计划数；空为没有写")] = ABSENT


class RankWas(Was):
    """Former values of a rank."""

    goal: Annotated[RankGoal | Absent | None, doc("原位次目标")] = ABSENT
    stretch: Annotated[tuple[RankGoal, ...] | Absent | None, doc("原争取的位次；空为没有写")] = ABSENT
    baseline: Annotated[Ordinal | Absent | None, doc("原基期位次；空为没有写")] = ABSENT


class CompareWas(Was):
    """Former values of a comparison."""

    goal: Annotated[CompareGoal | Absent | None, doc("原比较目标")] = ABSENT
    unit: Annotated[OneLine | Absent | None, doc("原单位；空为没有写")] = ABSENT


class CommitmentWas(Model):
    """Former values of a whole commitment."""

    difficulty: Annotated[OneLine | Absent | None, doc("原评定难度；空为未评定")] = ABSENT
    closed: Annotated[Closing | Absent | None, doc("被撤销的销号")] = ABSENT


class Revision(Model):
    """A change of a target; this form is that of a target without a figure."""

    on: Annotated[date, doc("改动日期")]
    effective: Annotated[date | None, doc("自哪天起算；不写则为改动日期")] = field(default=None, name="from")
    by: Annotated[OneLine, doc("谁改的")]
    reason: Annotated[OneLine, doc("依据或理由，如 市政府专题会议纪要〔2023〕5号")]
    was: Annotated[Was, doc("改动之前的值")]

    @property
    def since(self) -> date:
        """The first day on which the new values hold."""
        return self.effective or self.on


class FiguredRevision(Revision):
    """A change of a target judged by a figure."""

    was: Annotated[FiguredWas, doc("改动之前的值")]


class RankRevision(Revision):
    """A change of a rank."""

    was: Annotated[RankWas, doc("改动之前的值")]


class CompareRevision(Revision):
    """A change of a comparison."""

    was: Annotated[CompareWas, doc("改动之前的值")]


class CommitmentRevision(Model):
    """A change of a commitment as a whole: its difficulty, its closing."""

    on: Annotated[date, doc("改动日期")]
    effective: Annotated[date | None, doc("自哪天起算；不写则为改动日期")] = field(default=None, name="from")
    by: Annotated[OneLine, doc("谁改的")]
    reason: Annotated[OneLine, doc("依据或理由")]
    was: Annotated[CommitmentWas, doc("改动之前的值")]

    @property
    def since(self) -> date:
        """The first day on which the new values hold."""
        return self.effective or self.on


def given(was: "Was | CommitmentWas") -> tuple[str, ...]:
    """Return the fields whose former values were written, if only as null."""
    return tuple(field for field in fields_of(type(was)) if getattr(was, field) is not ABSENT)


def first_change(revisions: Sequence[Any], field: str) -> int | None:
    """Return which revision first changed `field`, and so keeps its original; None when it never was changed."""
    if not revisions:  # of nearly every target
        return None
    return next((number for number, revision in enumerate(revisions) if field in given(revision.was)), None)


def former(item: Any, revision: Any, field: str) -> Any:
    """Return what `field` of a target or commitment was before one of its revisions: its default where it was not written."""
    value = getattr(revision.was, field)
    if value is not None:
        return value
    default = dict(defaults_of(type(item))).get(field)
    return None if default is NODEFAULT else default


def original(item: Any, field: str) -> Any:
    """Return what `field` of a target or commitment was when it was signed."""
    number = first_change(item.revisions, field)
    return getattr(item, field) if number is None else former(item, item.revisions[number], field)


def changes(item: Any) -> list[tuple[Any, str, Any, Any]]:
    """Return every change as (revision, field, before, after), oldest first."""
    moments = []
    for number, revision in enumerate(item.revisions):
        for name in given(revision.was):
            later = first_change(item.revisions[number + 1 :], name)
            after = (
                getattr(item, name)
                if later is None
                else former(item, item.revisions[number + 1 + later], name)
            )
            moments.append((revision, name, former(item, revision, name), after))
    return moments


def value_on(item: Any, field: str, day: date) -> Any:
    """Return what a dated field of a target or commitment was at the end of a day.

    Where two changes of a field have taken effect, the one written later holds.
    """
    value = original(item, field)
    for revision, changed, _, after in changes(item):
        if changed == field and revision.since <= day:
            value = after
    return None if isinstance(value, Closing) and value.on > day else value


def in_force(item: T, day: date) -> T:
    """Return a target, or a commitment with its targets, with the values that its dated fields had at the end of a day."""
    changed: dict[str, Any] = {}
    if getattr(item, "revisions", ()) or getattr(item, "closed", None) is not None:
        for name in DATED:
            if name in fields_of(type(item)) and (value := value_on(item, name, day)) != getattr(item, name):
                changed[name] = value
    targets = getattr(item, "targets", ())
    on_day = tuple(in_force(target, day) for target in targets)
    if any(target is not other for target, other in zip(targets, on_day, strict=True)):
        changed["targets"] = on_day
    return replace(item, **changed) if changed else item
