"""Goals of targets in commitment files: one operator and its figure."""

from datetime import date
from functools import cached_property
from typing import Annotated, ClassVar

from ledger.core.models.base import Amount, FieldError, Model, OneLine, Ordinal, Schema, doc, fields_of
from ledger.core.quantity import Quantity, format_amount

GOAL_WORDS = {
    "reach": "",
    "at_least": "≥",
    "above": ">",
    "at_most": "≤",
    "below": "<",
    "about": "约",
}

_ONE_OPERATOR: Schema = {"minProperties": 1, "maxProperties": 1}


class Goal(Model, dict=True):
    """What must be reached: exactly one operator with its figure."""

    schema: ClassVar[Schema] = _ONE_OPERATOR

    reach: Annotated[Amount | None, doc("达到（完成、新增、实现），即不低于")] = None
    at_least: Annotated[Amount | None, doc("不少于、以上，含本数")] = None
    above: Annotated[Amount | None, doc("超过、突破，不含本数")] = None
    at_most: Annotated[Amount | None, doc("不超过、以内，含本数")] = None
    below: Annotated[Amount | None, doc("低于，不含本数")] = None
    about: Annotated[Amount | None, doc("约；容差在 data/ledger.yaml 的 tolerance 里定")] = None
    between: Annotated[tuple[Amount, Amount] | None, doc("介于两数之间，含两端")] = None

    def __post_init__(self) -> None:
        given = [name for name in _OPERATORS if getattr(self, name) is not None]
        if len(given) != 1:
            raise FieldError(f"目标要写且只写一个比较词（{'、'.join(_OPERATORS)}），这里有 {len(given)} 个")
        if self.between is not None:
            low, high = self.between
            if low.unit != high.unit or low.value >= high.value:
                raise FieldError("between 的两个数要同单位，前小后大")

    @cached_property
    def op(self) -> str:
        """The operator's name."""
        return next(name for name in _OPERATORS if getattr(self, name) is not None)

    @cached_property
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
            low, high = (format_amount(figure.value, figure.unit, figure.scale) for figure in self.between)
            return f"{low}～{high}"
        return GOAL_WORDS[self.op] + format_amount(figure.value, figure.unit, figure.scale)


_OPERATORS = fields_of(Goal)


class RankGoal(Model):
    """A place to hold or places to gain: exactly one."""

    schema: ClassVar[Schema] = _ONE_OPERATOR

    within: Annotated[Ordinal | None, doc("保持在前几位；1 即第一")] = None
    up: Annotated[Ordinal | None, doc("比基期提升几位")] = None

    def __post_init__(self) -> None:
        if (self.within is None) == (self.up is None):
            raise FieldError("位次目标要写且只写 within（前几位）或 up（提升几位）之一")

    @property
    def wording(self) -> str:
        """Return the goal as people read it: `第1位`, `前3位`, `提升2位`."""
        if self.up is not None:
            return f"提升{self.up}位"
        return "第1位" if self.within == 1 else f"前{self.within}位"


class CompareGoal(Model):
    """Which side of a benchmark to be on: exactly one, naming the benchmark."""

    schema: ClassVar[Schema] = _ONE_OPERATOR

    above: Annotated[OneLine | None, doc("高于、快于谁")] = None
    below: Annotated[OneLine | None, doc("低于谁")] = None
    at_least: Annotated[OneLine | None, doc("不低于谁")] = None
    at_most: Annotated[OneLine | None, doc("不高于谁")] = None

    def __post_init__(self) -> None:
        if sum(getattr(self, name) is not None for name in fields_of(CompareGoal)) != 1:
            raise FieldError("比较目标要写且只写 above、below、at_least、at_most 之一")

    @property
    def op(self) -> str:
        """The operator's name."""
        return next(name for name in fields_of(CompareGoal) if getattr(self, name) is not None)

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

    on: Annotated[date, doc("日期")]
    value: Annotated[Amount, doc("到这一天应完成的累计数")]
