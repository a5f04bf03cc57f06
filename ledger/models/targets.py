"""A commitment file: title, verbatim text and typed targets. Field descriptions are Chinese: editors show them on hover."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from ledger.models.base import Amount, Line, Model, Positive
from ledger.models.goals import CompareGoal, Goal, PlanPoint, RankGoal
from ledger.models.revisions import (
    Closing,
    CommitmentRevision,
    CompareRevision,
    FiguredRevision,
    RankRevision,
    Revision,
)

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]


class Step(Model):
    """One step of a milestone."""

    key: Key = Field(description="步骤代号，记账时用")
    name: Line = Field(description="步骤名称")
    weight: Positive = Field(default=Fraction(1), description="权重，默认 1", validate_default=True)
    due: date | None = Field(None, description="应完成日期；不写则随目标或年底")


class _Target(Model):
    key: Key = Field(description="目标代号，在本事项内唯一，用小写英文")
    name: Line = Field(description="目标名称，写人们叫它的名字")
    quote: Line = Field(description="原文摘句：逐字取自 title 或 text，目标的数字必须在其中")
    hedge: Literal["力争", "争取", "积极", "全力争取", "争创", "争当"] | None = Field(
        None, description="原文的缓和语"
    )
    due: date | None = Field(None, description="应完成日期；不写则为计划期末")
    weight: Positive = Field(
        default=Fraction(1), description="在本事项内的权重，默认 1", validate_default=True
    )
    part_of: Key | None = Field(None, description="是哪个目标的“其中”，不与它重复相加")
    any_of: Key | None = Field(None, description="同一组名的目标完成其一即可")
    note: Line | None = Field(None, description="编录说明")
    closed: Closing | None = Field(None, description="销号，由 ledger close 写下；不影响完成率和亮灯")
    revisions: tuple[Revision, ...] = Field((), description="改动，由 ledger amend 写下；原值不删")


class _Figured(_Target):
    goal: Goal = Field(description="目标值")
    stretch: tuple[Goal, ...] = Field((), description="争取值，由近及远；只作对照，不影响是否达标")
    revisions: tuple[FiguredRevision, ...] = Field((), description="改动，由 ledger amend 写下；原值不删")

    @property
    def unit(self) -> str:
        """The unit in which the target is judged, without multiplier."""
        return self.goal.figure.unit

    @property
    def scale(self) -> int:
        """The multiplier the goal was written with, used again when figures are printed."""
        return self.goal.figure.scale

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        for tier in self.stretch:
            if tier.figure.unit != self.unit:
                raise PydanticCustomError("stretch", "争取值的单位要与目标值一致", {})
        return self


class Accumulate(_Figured):
    """Entries add up over the year: 全年实到外资16亿美元."""

    kind: Literal["accumulate"] = Field(description="累计：全年加总")
    plan: tuple[PlanPoint, ...] = Field((), description="分时段计划数；不写则按天均匀")


class Level(_Figured):
    """The latest reading counts: 年末总资产380亿元."""

    kind: Literal["level"] = Field(description="水平：看最近一次的数")
    baseline: Amount | None = Field(None, description="基期数；有它才能算序时进度")
    hold: bool = Field(False, description="每次上报都须达标")
    plan: tuple[PlanPoint, ...] = Field((), description="分时段计划数")


class Change(_Figured):
    """A rate of growth or decline: 同比增长12%."""

    kind: Literal["change"] = Field(description="增减幅度：同比")
    direction: Literal["increase", "decrease"] = Field(
        "increase", description="increase 增长；decrease 下降，降幅记为正数"
    )


class Rank(_Target):
    """A place in a ranking: 保持全省第一."""

    kind: Literal["rank"] = Field(description="名次")
    goal: RankGoal = Field(description="名次目标")
    stretch: tuple[RankGoal, ...] = Field((), description="争取名次；只作对照")
    among: Line | None = Field(None, description="在哪里排名，如 全省")
    baseline: int | None = Field(None, ge=1, description="基期名次；提升几位从它算起")
    revisions: tuple[RankRevision, ...] = Field((), description="改动，由 ledger amend 写下；原值不删")


class Compare(_Target):
    """A figure beside a benchmark: 增速高于全省平均."""

    kind: Literal["compare"] = Field(description="与参照值比较")
    goal: CompareGoal = Field(description="与谁比、在哪一侧")
    unit: Line | None = Field(None, description="两个数的单位，默认 %")
    revisions: tuple[CompareRevision, ...] = Field((), description="改动，由 ledger amend 写下；原值不删")


class Milestone(_Target):
    """Done or not, step by step: 出台意见，全面开工."""

    kind: Literal["milestone"] = Field(description="节点：做成没有")
    steps: tuple[Step, ...] = Field((), description="步骤；不写则只有一步，代号 done")

    DONE: ClassVar[str] = "done"

    @property
    def all_steps(self) -> tuple[Step, ...]:
        """The steps, or the single implied one."""
        return self.steps or (Step(key=self.DONE, name=self.name, due=self.due),)


class Judgement(_Target):
    """A claim with nothing countable, judged by a reviewer: 走在全省前列."""

    kind: Literal["judgement"] = Field(description="定性：由督查评定")
    review: tuple[date, ...] = Field((), description="评定日期")


Target = Annotated[
    Accumulate | Level | Change | Rank | Compare | Milestone | Judgement, Field(discriminator="kind")
]


class Context(Model):
    """A numeral of the text that is no target, and why."""

    quote: Line = Field(description="原文中含这个数字的词句，逐字")
    reason: Line = Field(description="它为什么不是目标，如 项目规模限定、固定用语")


class Commitment(Model):
    """One commitment (承诺事项) of one department for one plan year."""

    id: str = Field(pattern=r"^[^\s/\\]+-[0-9]{2}$", description="编号：部门-序号，如 金融办-03；年内唯一")
    department: Line = Field(description="责任部门，须在 data/ledger.yaml 中")
    title: Line = Field(description="承诺事项，逐字照录")
    year: int = Field(ge=1949, le=2100, description="计划年度")
    period_from: date | None = Field(None, alias="from", description="计划期起；不写则为 1 月 1 日")
    period_to: date | None = Field(None, alias="to", description="计划期止；不写则为 12 月 31 日")
    difficulty: Line | None = Field(None, description="评定难度；未评定则留空")
    draft: bool = Field(
        False,
        description="草稿：只能在 data/drafts 里，确认后去掉这一行",
        json_schema_extra={"const": False},
        validate_default=True,
    )
    text: Line = Field(description="年度目标，逐字照录")
    targets: tuple[Target, ...] = Field(min_length=1, description="可衡量的目标")
    context: tuple[Context, ...] = Field((), description="不是目标的数字及理由")
    closed: Closing | None = Field(None, description="销号，由 ledger close 写下；不影响完成率和亮灯")
    revisions: tuple[CommitmentRevision, ...] = Field((), description="改动，由 ledger rate 等写下；原值不删")

    @field_validator("draft")
    @classmethod
    def _confirmed(cls, draft: bool) -> bool:
        if draft:
            raise PydanticCustomError(
                "draft", "这是没有确认的草稿，还不是承诺；先 ledger draft --review 确认", {}
            )
        return draft

    @property
    def start(self) -> date:
        """First day of the period."""
        return self.period_from or date(self.year, 1, 1)

    @property
    def end(self) -> date:
        """Last day of the period, inclusive."""
        return self.period_to or date(self.year, 12, 31)

    def due_of(self, target: Target) -> date:
        """Return the day by which a target is due, inclusive."""
        return target.due or self.end
