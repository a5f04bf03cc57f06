"""A commitment file: title, verbatim text and typed targets. Field descriptions are Chinese: editors show them on hover."""

from datetime import date
from fractions import Fraction
from typing import Annotated, ClassVar, Literal, get_args

from ledger.core.models.base import (
    Amount,
    Confirmed,
    FieldError,
    Model,
    OneLine,
    Ordinal,
    Positive,
    Year,
    doc,
)
from ledger.core.models.goals import CompareGoal, Goal, PlanPoint, RankGoal
from ledger.core.models.revisions import (
    Closing,
    CommitmentRevision,
    CompareRevision,
    FiguredRevision,
    RankRevision,
    Revision,
)
from ledger.core.structs import Meta, field

Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")]

Hedge = Literal["力争", "争取", "积极", "全力争取", "争创", "争当"]


REVISIONS = (
    "改动，由 ledger amend 写下；原值不删。目标值、争取目标、应完成日期、权重、销号自改动之日（写了 from 则自那天）起算，"
    "名称、基期数、分时段计划、单位全年都用最后的"
)
Frequency = Literal["每月", "每季", "每半年", "每年"]


class Step(Model):
    """One step of a milestone."""

    key: Annotated[Key, doc("步骤代号，记账时用")]
    name: Annotated[OneLine, doc("步骤名称")]
    weight: Annotated[Positive, doc("权重，默认 1")] = Fraction(1)
    due: Annotated[date | None, doc("应完成日期；不写则随目标或年底")] = None


class _Target(Model, tag_field="kind"):
    label: ClassVar[str]
    """The kind's name for people."""
    description: ClassVar[str]
    """What the kind means, for editors of the file."""
    prompt: ClassVar[str] = ""
    """What to type for a target of the kind, where `core.reading.expected` has no example of the target's own size."""
    figure: ClassVar[str] = ""
    """The one figure of an entry that a plain amount is; empty where it takes more to read what was typed."""

    key: Annotated[Key, doc("目标代号，在本事项内唯一，用小写英文")]
    name: Annotated[OneLine, doc("目标名称，写人们叫它的名字")]
    quote: Annotated[OneLine, doc("原文摘句：逐字取自 title 或 text，目标的数字必须在其中")]
    hedge: Annotated[Hedge | None, doc("原文的缓和语")] = None
    due: Annotated[date | None, doc("应完成日期；不写则为计划期末")] = None
    weight: Annotated[Positive, doc("在本事项内的权重，默认 1")] = Fraction(1)
    frequency: Annotated[Frequency | None, doc("多久报一次；不写则照部门的，部门也没写则每月")] = None
    part_of: Annotated[Key | None, doc("是哪个目标的“其中”，不与它重复相加")] = None
    any_of: Annotated[Key | None, doc("同一组名的目标完成其一即可")] = None
    note: Annotated[OneLine | None, doc("编录说明")] = None
    closed: Annotated[Closing | None, doc("销号，由 ledger close 写下；不影响完成率和亮灯")] = None
    revisions: Annotated[tuple[Revision, ...], doc(REVISIONS)] = ()

    @property
    def kind(self) -> str:
        """The kind's name, as the file has it."""
        return str(self.__struct_config__.tag)

    @property
    def goal_wording(self) -> str:
        """The goal as people read it."""
        return str(self.goal.wording)  # type: ignore[attr-defined]  # of every kind that does not say otherwise


class _Figured(_Target):
    goal: Annotated[Goal, doc("目标值")]
    stretch: Annotated[tuple[Goal, ...], doc("争取目标，由近及远；只作对照，不影响是否达标")] = ()
    revisions: Annotated[tuple[FiguredRevision, ...], doc(REVISIONS)] = ()

    @property
    def unit(self) -> str:
        """The unit in which the target is judged, without multiplier."""
        return self.goal.figure.unit

    @property
    def scale(self) -> int:
        """The multiplier the goal was written with, used again when figures are printed."""
        return self.goal.figure.scale

    def __post_init__(self) -> None:
        if any(tier.figure.unit != self.unit for tier in self.stretch):
            raise FieldError("争取目标的单位要与目标值一致")


class Accumulate(_Figured, tag="accumulate"):
    """Entries add up over the year: 全年实到外资16亿美元."""

    label: ClassVar[str] = "累计"
    description: ClassVar[str] = "累计：全年加总"
    plan: Annotated[tuple[PlanPoint, ...], doc("分时段计划数；不写则按天均匀")] = ()


class Level(_Figured, tag="level"):
    """The latest reading counts: 年末总资产380亿元."""

    label: ClassVar[str] = "水平"
    description: ClassVar[str] = "水平：看最近一次的数"
    baseline: Annotated[Amount | None, doc("基期数；有它才能算序时进度")] = None
    hold: Annotated[bool, doc("每次上报都须达标")] = False
    plan: Annotated[tuple[PlanPoint, ...], doc("分时段计划数")] = ()


class Change(_Figured, tag="change"):
    """A rate of growth or decline: 同比增长12%."""

    label: ClassVar[str] = "增减幅度"
    description: ClassVar[str] = "增减幅度：同比"
    direction: Annotated[
        Literal["increase", "decrease"], doc("increase 增长；decrease 下降，降幅记为正数")
    ] = "increase"


class Rank(_Target, tag="rank"):
    """A place in a ranking: 保持全省第一."""

    label: ClassVar[str] = "位次"
    description: ClassVar[str] = "位次"
    goal: Annotated[RankGoal, doc("位次目标")]
    stretch: Annotated[tuple[RankGoal, ...], doc("争取的位次；只作对照")] = ()
    among: Annotated[OneLine | None, doc("在哪里排名，如 全省")] = None
    baseline: Annotated[Ordinal | None, doc("基期位次；提升几位从它算起")] = None
    revisions: Annotated[tuple[RankRevision, ...], doc(REVISIONS)] = ()


class Compare(_Target, tag="compare"):
    """A figure beside a benchmark: 增速高于全省平均."""

    label: ClassVar[str] = "比较"
    description: ClassVar[str] = "与参照值比较"
    goal: Annotated[CompareGoal, doc("与谁比、在哪一侧")]
    unit: Annotated[OneLine | None, doc("两个数的单位，默认 %")] = None
    revisions: Annotated[tuple[CompareRevision, ...], doc(REVISIONS)] = ()


class Milestone(_Target, tag="milestone"):
    """Done or not, step by step: 出台意见，全面开工."""

    label: ClassVar[str] = "节点"
    description: ClassVar[str] = "节点：做成没有"
    steps: Annotated[tuple[Step, ...], doc("步骤；不写则只有一步，代号 done")] = ()

    DONE: ClassVar[str] = "done"

    @property
    def all_steps(self) -> tuple[Step, ...]:
        """The steps, or the single implied one."""
        return self.steps or (Step(key=self.DONE, name=self.name, due=self.due),)

    @property
    def goal_wording(self) -> str:
        """The goal as people read it: the steps in their order."""
        return "→".join(step.name for step in self.steps) or "完成"


class Judgement(_Target, tag="judgement"):
    """A claim with nothing countable, judged by a reviewer: 走在全省前列."""

    label: ClassVar[str] = "定性"
    description: ClassVar[str] = "定性：由督查评定"
    prompt: ClassVar[str] = "督查的评定：达到 或 未达到"
    review: Annotated[tuple[date, ...], doc("评定日期")] = ()

    @property
    def goal_wording(self) -> str:
        """The goal as people read it."""
        return "督查评定"


Target = Accumulate | Level | Change | Rank | Compare | Milestone | Judgement
KINDS: dict[str, type[Target]] = {str(kind.__struct_config__.tag): kind for kind in get_args(Target)}
"""Every kind of target by its name in the files."""


class Context(Model):
    """A numeral of the text that is no target, and why."""

    quote: Annotated[OneLine, doc("原文中含这个数字的词句，逐字")]
    reason: Annotated[OneLine, doc("它为什么不是目标，如 项目规模限定、固定用语")]


class Commitment(Model):
    """One commitment (承诺事项) of one department for one plan year."""

    id: Annotated[str, doc("编号：部门-序号，如 金融办-03；年内唯一", pattern=r"^[^\s/\\]+-[0-9]{2}\Z")]
    department: Annotated[OneLine, doc("责任部门，须在 data/ledger.yaml 中")]
    partners: Annotated[tuple[OneLine, ...], doc("配合单位；责任部门之外一起负责的")] = ()
    title: Annotated[OneLine, doc("承诺事项，逐字照录")]
    year: Annotated[Year, doc("计划年度")]
    period_from: Annotated[date | None, doc("计划期起；不写则为 1 月 1 日")] = field(
        default=None, name="from"
    )
    period_to: Annotated[date | None, doc("计划期止；不写则为 12 月 31 日")] = field(default=None, name="to")
    difficulty: Annotated[OneLine | None, doc("评定难度；未评定则留空")] = None
    draft: Annotated[Confirmed, doc("草稿：只能在 data/drafts 里，确认后去掉这一行")] = False
    text: Annotated[OneLine, doc("年度目标，逐字照录")]
    targets: Annotated[tuple[Target, ...], doc("可衡量的目标", min_length=1)]
    context: Annotated[tuple[Context, ...], doc("不是目标的数字及理由")] = ()
    closed: Annotated[Closing | None, doc("销号，由 ledger close 写下；不影响完成率和亮灯")] = None
    revisions: Annotated[
        tuple[CommitmentRevision, ...],
        doc("改动，由 ledger rate 等写下；原值不删。评定难度、销号自改动之日（写了 from 则自那天）起算"),
    ] = ()

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
