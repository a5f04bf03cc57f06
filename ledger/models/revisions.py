"""What was changed in a commitment file after it was signed, and its closing; the original values are never lost.

Each revision names who changed what and why, and keeps under `was` the value each field had before it; null is "there was none".
A field's original is thus its value in the first revision that names it. Knows no target and no file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from ledger.models.base import Amount, Line, Model, Positive
from ledger.models.goals import CompareGoal, Goal, PlanPoint, RankGoal


class Closing(Model):
    """A commitment or a target taken off the list (销号)."""

    on: date = Field(description="销号日期")
    by: Line = Field(description="谁销的号")
    evidence: tuple[Line, ...] = Field(min_length=1, description="佐证材料：文号、网址、文件")
    reason: Line | None = Field(None, description="没有达标而销号的理由")


class Was(Model):
    """The values that fields had before a change; only those that were changed stand here."""

    name: Line | None = Field(None, description="原名称")
    due: date | None = Field(None, description="原应完成日期；空为没有写")
    weight: Positive | None = Field(None, description="原权重；空为没有写")
    closed: Closing | None = Field(None, description="被撤销的销号")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("was", "was 要写明改动之前的值", {})
        return self


class FiguredWas(Was):
    """Former values of a target judged by a figure."""

    goal: Goal | None = Field(None, description="原目标值")
    baseline: Amount | None = Field(None, description="原基期数；空为没有写")
    plan: tuple[PlanPoint, ...] | None = Field(None, description="原分时段计划数；空为没有写")


class RankWas(Was):
    """Former values of a rank."""

    goal: RankGoal | None = Field(None, description="原名次目标")
    baseline: int | None = Field(None, ge=1, description="原基期名次；空为没有写")


class CompareWas(Was):
    """Former values of a comparison."""

    goal: CompareGoal | None = Field(None, description="原比较目标")
    unit: Line | None = Field(None, description="原单位；空为没有写")


class CommitmentWas(Model):
    """Former values of a whole commitment."""

    difficulty: Line | None = Field(None, description="原评定难度；空为未评定")
    closed: Closing | None = Field(None, description="被撤销的销号")


class Revision(Model):
    """A change of a target; this form is that of a target without a figure."""

    on: date = Field(description="改动日期")
    by: Line = Field(description="谁改的")
    reason: Line = Field(description="依据或理由，如 市政府专题会议纪要〔2023〕5号")
    was: Was = Field(description="改动之前的值")


class FiguredRevision(Revision):
    """A change of a target judged by a figure."""

    was: FiguredWas = Field(description="改动之前的值")


class RankRevision(Revision):
    """A change of a rank."""

    was: RankWas = Field(description="改动之前的值")


class CompareRevision(Revision):
    """A change of a comparison."""

    was: CompareWas = Field(description="改动之前的值")


class CommitmentRevision(Model):
    """A change of a commitment as a whole: its difficulty, its closing."""

    on: date = Field(description="改动日期")
    by: Line = Field(description="谁改的")
    reason: Line = Field(description="依据或理由")
    was: CommitmentWas = Field(description="改动之前的值")


def first_change(revisions: Sequence[Any], field: str) -> int | None:
    """Return which revision first changed `field`, and so keeps its original; None when it never was changed."""
    return next((number for number, one in enumerate(revisions) if field in one.was.model_fields_set), None)


def original(item: Any, field: str) -> Any:
    """Return what `field` of a target or commitment was when it was signed."""
    number = first_change(item.revisions, field)
    return getattr(item, field) if number is None else getattr(item.revisions[number].was, field)


def changes(item: Any) -> list[tuple[Any, str, Any, Any]]:
    """Return every change as (revision, field, before, after), oldest first."""
    found = []
    for number, revision in enumerate(item.revisions):
        for field in type(revision.was).model_fields:
            if field in revision.was.model_fields_set:
                later = first_change(item.revisions[number + 1 :], field)
                after = (
                    getattr(item, field)
                    if later is None
                    else getattr(item.revisions[number + 1 + later].was, field)
                )
                found.append((revision, field, getattr(revision.was, field), after))
    return found
