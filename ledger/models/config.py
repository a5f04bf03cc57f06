"""`data/ledger.yaml`: who the departments are, and the rules by which they are judged."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from ledger.models.base import Exact, Line, Model, Positive


class Department(Model):
    """One department and the people who may write for it."""

    name: Line = Field(description="部门名称")
    aliases: tuple[Line, ...] = Field((), description="别名、全称")
    inferred: bool = Field(False, description="部门是由内容推断的，尚未经确认")
    reporters: tuple[Line, ...] = Field((), description="可为本部门记账的人（邮箱）；空则不限")
    reviewers: tuple[Line, ...] = Field((), description="负责本部门的督查（邮箱）")


class Band(Model):
    """A light and how far behind pace it reaches: behind > `from` and ≤ `to`."""

    light: Literal["正常", "滞后", "严重滞后"] = Field(description="亮灯")
    above: Exact | None = Field(None, alias="from", description="落后超过多少（不含）；不写则无下限")
    upto: Exact | None = Field(None, alias="to", description="落后不超过多少（含）；不写则无上限")


class Lights(Model):
    """How the gap to pace is measured and which light it gives."""

    gap: Literal["points", "percent"] = Field(
        "points", description="points：落后目标的百分点（银川）；percent：落后应完成数的百分比（三亚）"
    )
    bands: tuple[Band, ...] = Field(min_length=1, description="各灯的区间，从不落后到落后最多，首尾相接")

    @model_validator(mode="after")
    def _whole_line(self) -> Self:
        if self.bands[0].above is not None or self.bands[-1].upto is not None:
            raise PydanticCustomError(
                "bands", "亮灯区间的第一档不能有 from，最后一档不能有 to，否则有落后程度无灯可亮", {}
            )
        for before, after in zip(self.bands, self.bands[1:], strict=False):
            if before.upto is None or before.upto != after.above:
                raise PydanticCustomError(
                    "bands",
                    "亮灯区间要首尾相接：{before} 止于 {end}，{after} 起于 {start}",
                    {
                        "before": before.light,
                        "end": str(before.upto),
                        "after": after.light,
                        "start": str(after.above),
                    },
                )
            if before.above is not None and before.above >= before.upto:
                raise PydanticCustomError(
                    "bands", "亮灯区间 {light} 的 to 要大于 from", {"light": before.light}
                )
        return self


class ExchangeRate(Model):
    """One dated rate: 1 unit of `from` is `rate` units of `to`."""

    source: Line = Field(alias="from", description="原币，如 美元")
    target: Line = Field(alias="to", description="折成，如 元")
    on: date = Field(description="汇率日期")
    rate: Positive = Field(description="1 原币等于多少")
    origin: Line | None = Field(None, description="出处，如 中国人民银行公布的中间价")


class LedgerConfig(Model):
    """The whole of `data/ledger.yaml`."""

    name: Line = Field(description="账本名称")
    year: int = Field(ge=1949, le=2100, description="当前年度；命令默认看这一年")
    simulated: bool = Field(False, description="整本账是演示用的模拟数据")
    departments: tuple[Department, ...] = Field((), description="部门，按排列顺序")
    admins: tuple[Line, ...] = Field((), description="管理员（邮箱）")
    signatures: Literal["optional", "required"] = Field(
        "optional",
        description="提交要不要签名：required 时，未签名、签名不明或不是作者本人签的，审计都会指出",
    )
    late_days: int | None = Field(
        None, ge=0, description="数据日期之后最多几天内要记上；过期的由审计指出；不写则不限"
    )
    lowering_from: Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")] = Field(
        "10-01", description="从计划年度的这一天（月-日）起调低目标，即使写了理由，审计也会指出"
    )
    due_day: int = Field(5, ge=1, le=28, description="每月进度在次月几日前（含当日）报送；逾期天数从次日算起")
    lights: Lights = Field(description="亮灯规则")
    scoring: Literal["guiyang"] = Field("guiyang", description="计分办法")
    difficulty: dict[Line, Positive] = Field(default_factory=dict, description="评定难度 → 系数")
    tolerance: Exact | None = Field(None, description="“约”的容差，占目标值的百分之几；不写则“约”无法判断")
    rates: tuple[ExchangeRate, ...] = Field((), description="汇率，带日期")
    units: dict[Line, Line] = Field(default_factory=dict, description="本账本自用的单位：名称 → 定义")

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        seen: set[str] = set()
        for department in self.departments:
            for name in (department.name, *department.aliases):
                if name in seen:
                    raise PydanticCustomError("departments", "部门名或别名重复：{name}", {"name": name})
                seen.add(name)
        return self

    def department(self, name: str) -> Department | None:
        """Find a department by its name or an alias."""
        return next((one for one in self.departments if name == one.name or name in one.aliases), None)
