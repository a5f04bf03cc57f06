"""Goals as they are written in commitment files: one operator and its figure; knows no target and no entry."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from ledger.models.base import Amount, Line, Model
from ledger.quantity import Quantity, format_amount

GOAL_WORDS = {
    "reach": "",
    "at_least": "≥",
    "above": ">",
    "at_most": "≤",
    "below": "<",
    "about": "约",
}

_ONE_OPERATOR = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})


class Goal(Model):
    """What must be reached: exactly one operator with its figure."""

    model_config = _ONE_OPERATOR

    reach: Amount | None = Field(None, description="达到（完成、新增、实现），即不低于")
    at_least: Amount | None = Field(None, description="不少于、以上，含本数")
    above: Amount | None = Field(None, description="超过、突破，不含本数")
    at_most: Amount | None = Field(None, description="不超过、以内，含本数")
    below: Amount | None = Field(None, description="低于，不含本数")
    about: Amount | None = Field(None, description="约；容差在 data/ledger.yaml 的 tolerance 里定")
    between: tuple[Amount, Amount] | None = Field(None, description="介于两数之间，含两端")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = [name for name in _OPERATORS if getattr(self, name) is not None]
        if len(given) != 1:
            raise PydanticCustomError(
                "goal",
                "目标要写且只写一个比较词（reach、at_least、above、at_most、below、about、between），这里有 {count} 个",
                {"count": len(given)},
            )
        if self.between is not None:
            low, high = self.between
            if low.unit != high.unit or low.value >= high.value:
                raise PydanticCustomError("goal", "between 的两个数要同单位，前小后大", {})
        return self

    @property
    def op(self) -> str:
        """The operator's name."""
        written = (
            self.__dict__
        )  # asked for every target of every listing: the fields straight, not by attribute
        return next(name for name in _OPERATORS if written[name] is not None)

    @property
    def figure(self) -> Quantity:
        """The goal's figure; for `between` the lower bound."""
        return self.between[0] if self.between is not None else getattr(self, self.op)

    @property
    def upper(self) -> Quantity | None:
        """The upper bound of `between`."""
        return self.between[1] if self.between is not None else None

    @property
    def descending(self) -> bool:
        """Whether less is better."""
        return self.op in {"at_most", "below"}

    @property
    def wording(self) -> str:
        """Return the goal as people read it: `≥16亿美元`."""
        figure = self.figure
        if self.between is not None:
            low, high = (format_amount(one.value, one.unit, one.scale) for one in self.between)
            return f"{low}～{high}"
        return GOAL_WORDS[self.op] + format_amount(figure.value, figure.unit, figure.scale)


_OPERATORS = tuple(Goal.model_fields)


class RankGoal(Model):
    """A place to hold or places to gain: exactly one."""

    model_config = _ONE_OPERATOR

    within: int | None = Field(None, ge=1, description="保持在前几位；1 即第一")
    up: int | None = Field(None, ge=1, description="比基期提升几位")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.within is None) == (self.up is None):
            raise PydanticCustomError(
                "rank_goal", "名次目标要写且只写 within（前几位）或 up（提升几位）之一", {}
            )
        return self

    @property
    def wording(self) -> str:
        """Return the goal as people read it: `第1位`, `前3位`, `提升2位`."""
        if self.up is not None:
            return f"提升{self.up}位"
        return "第1位" if self.within == 1 else f"前{self.within}位"


class CompareGoal(Model):
    """Which side of a benchmark to be on: exactly one, naming the benchmark."""

    model_config = _ONE_OPERATOR

    above: Line | None = Field(None, description="高于、快于谁")
    below: Line | None = Field(None, description="低于谁")
    at_least: Line | None = Field(None, description="不低于谁")
    at_most: Line | None = Field(None, description="不高于谁")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(getattr(self, name) is not None for name in type(self).model_fields) != 1:
            raise PydanticCustomError(
                "compare_goal", "比较目标要写且只写 above、below、at_least、at_most 之一", {}
            )
        return self

    @property
    def op(self) -> str:
        """The operator's name."""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)

    @property
    def benchmark(self) -> str:
        """The benchmark's name."""
        return str(getattr(self, self.op))

    @property
    def wording(self) -> str:
        """Return the goal as people read it: `高于全省平均`."""
        words = {"above": "高于", "below": "低于", "at_least": "不低于", "at_most": "不高于"}
        return words[self.op] + self.benchmark


class PlanPoint(Model):
    """What is due by a date, for a target whose pace is not even."""

    on: date = Field(description="日期")
    value: Amount = Field(description="到这一天应完成的累计数")
