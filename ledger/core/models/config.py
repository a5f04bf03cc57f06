"""`data/ledger.yaml`: the departments and the rules by which they are judged."""

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from ledger.core.models.base import Exact, FieldError, Model, OneLine, Positive, Schema, Year, doc
from ledger.core.models.departments import Department, DepartmentHistory, Reorganisation, require_consistent
from ledger.core.structs import Meta, field


class Band(Model):
    """A light and how far behind pace it reaches: behind > `from` and ≤ `to`."""

    light: Annotated[Literal["正常", "滞后", "严重滞后"], doc("亮灯")]
    above: Annotated[Exact | None, doc("落后超过多少（不含）；不写则无下限")] = field(
        default=None, name="from"
    )
    upto: Annotated[Exact | None, doc("落后不超过多少（含）；不写则无上限")] = field(default=None, name="to")


class Lights(Model):
    """How the gap to pace is measured and which light it gives: a named rule, or bands of the ledger's own."""

    schema: ClassVar[Schema] = {"oneOf": [{"required": ["bands"]}, {"required": ["rule"]}]}

    rule: Annotated[
        Literal["default", "yinchuan-2025", "sanya-2022"] | None,
        doc("用哪一套成文的亮灯规则；各套的出处见 docs/reference/kinds.md。写了 rule 就不写 gap 和 bands"),
    ] = None
    gap: Annotated[
        Literal["points", "percent"],
        doc("points：落后目标的百分点；percent：落后应完成数的百分比"),
    ] = "points"
    bands: Annotated[tuple[Band, ...], doc("各灯的区间，从不落后到落后最多，首尾相接")] = ()

    def __post_init__(self) -> None:
        if (self.rule is None) == (not self.bands):
            raise FieldError("亮灯规则要写且只写 rule（成文规则）或 bands（自定区间）之一")
        if not self.bands:
            return
        if self.bands[0].above is not None or self.bands[-1].upto is not None:
            raise FieldError("亮灯区间的第一档不能有 from，最后一档不能有 to，否则有落后程度无灯可亮")
        for before, after in pairwise(self.bands):
            if before.upto is None or before.upto != after.above:
                raise FieldError(
                    f"亮灯区间要首尾相接：{before.light} 止于 {before.upto}，{after.light} 起于 {after.above}"
                )
            if before.above is not None and before.above >= before.upto:
                raise FieldError(f"亮灯区间 {before.light} 的 to 要大于 from")


class Ranking(Model):
    """What departments are ranked by."""

    basis: Annotated[
        Literal["all", "reported"],
        doc("排名按哪个得分：all 未报按零计；reported 只按已报的计。另一个得分总在旁边列出"),
    ] = "all"
    coverage: Annotated[Exact, doc("已报的目标不足百分之几，不参加排名；默认 0，都参加")] = Fraction(0)
    deduction: Annotated[
        Literal["none", "report-10"],
        doc("未报另外扣分：none 不扣；report-10 每一项已到报送期而从未上报的目标扣 10 分，扣完为止"),
    ] = "none"


class ExchangeRate(Model):
    """One dated rate: 1 unit of `from` is `rate` units of `to`."""

    source: Annotated[OneLine, doc("原币，如 美元")] = field(name="from")
    target: Annotated[OneLine, doc("折成，如 元")] = field(name="to")
    on: Annotated[date, doc("汇率日期")]
    rate: Annotated[Positive, doc("1 原币等于多少")]
    origin: Annotated[OneLine | None, doc("出处，如 中国人民银行公布的中间价")] = None


Role = Literal["reporters", "reviewers", "admins"]


class Roles(Model):
    """Which roles may do what. An action is open to all until one of its roles names somebody; admins may do everything."""

    log: Annotated[tuple[Role, ...], doc("记账、更正、作废")] = ("reporters",)
    judge: Annotated[tuple[Role, ...], doc("评定，以及更正、作废评定")] = ("reviewers",)
    verify: Annotated[tuple[Role, ...], doc("核定、退回上报的数，以及作废核定、退回")] = ("reviewers",)
    remark: Annotated[tuple[Role, ...], doc("写进度落后的原因和措施")] = ("reporters", "reviewers")
    amend: Annotated[tuple[Role, ...], doc("改动承诺")] = ("reviewers", "admins")
    rate: Annotated[tuple[Role, ...], doc("评定难度")] = ("reviewers", "admins")
    close: Annotated[tuple[Role, ...], doc("销号")] = ("reviewers", "admins")
    reorganise: Annotated[tuple[Role, ...], doc("部门更名、合并，划转承诺")] = ("reviewers", "admins")


class BulletinSettings(Model):
    """Settings of a bulletin (通报): issuer, addressees and the like."""

    issuer: Annotated[OneLine | None, doc("发文机关，如 湖州市人民政府督查室；不写则没有版头")] = None
    number: Annotated[OneLine | None, doc("发文字号，如 湖督〔2023〕6号")] = None
    signer: Annotated[OneLine | None, doc("签发人")] = None
    recipients: Annotated[OneLine, doc("主送")] = "各有关部门"
    copies: Annotated[OneLine | None, doc("抄送，如 市委办公室，市政府办公室")] = None
    printed_by: Annotated[OneLine | None, doc("印发机关；不写则同发文机关")] = None


class LedgerConfig(Model):
    """The whole of `data/ledger.yaml`."""

    name: Annotated[OneLine, doc("账本名称")]
    year: Annotated[Year, doc("当前年度；命令默认看这一年")]
    city: Annotated[OneLine | None, doc("账本属于哪个市，如 湖州市；导出和汇总用")] = None
    county: Annotated[OneLine | None, doc("账本属于哪个县（市、区）；市一级自己的账本不写")] = None
    code: Annotated[
        Annotated[str, Meta(pattern=r"^[0-9]{6}\Z")] | None,
        doc("行政区划代码（GB/T 2260），六位，如 330523"),
    ] = None
    simulated: Annotated[bool, doc("整本账是演示用的模拟数据")] = False
    departments: Annotated[tuple[Department, ...], doc("部门，按排列顺序")] = ()
    reorganisations: Annotated[
        tuple[Reorganisation, ...],
        doc("机构变动，由 ledger dept 和 ledger transfer 写下；以前的部门留在 departments 里，旧名一直可用"),
    ] = ()
    admins: Annotated[tuple[OneLine, ...], doc("管理员（邮箱）")] = ()
    roles: Annotated[
        Roles,
        doc(
            "哪些人可以做什么：reporters 本部门上报人，reviewers 督查，admins 管理员；名单都空着时不限，管理员什么都可以做"
        ),
    ] = Roles()
    signatures: Annotated[
        Literal["optional", "required"],
        doc("提交要不要签名：required 时，未签名、签名不明或不是作者本人签的，审计都会指出"),
    ] = "optional"
    late_days: Annotated[
        Annotated[int, Meta(ge=0)] | None, doc("数据日期之后最多几天内要记上；过期的由审计指出；不写则不限")
    ] = None
    lowering_from: Annotated[
        str,
        doc(
            "从计划年度的这一天（月-日）起调低目标，即使写了理由，审计也会指出",
            pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z",
        ),
    ] = "10-01"
    evidence_limit: Annotated[int, doc("一个佐证文件最多多大，单位 MiB", ge=1, le=1024)] = 10
    due_day: Annotated[int, doc("每月进度在次月几日前（含当日）报送；逾期天数从次日算起", ge=1, le=28)] = 5
    lights: Annotated[Lights, doc("亮灯规则")]
    rules: Annotated[
        Literal[2023, 2026] | None,
        doc("评定规则的版本：2023 沿用旧规则；2026 为现行规则。不写则用现行规则"),
    ] = None
    pace: Annotated[
        Literal["month", "day"] | None,
        doc("序时进度算到哪一天：month 最近一个报送期已过的月末；day 截至日当天。不写则随 rules"),
    ] = None
    ranking: Annotated[Ranking, doc("排名办法")] = field(default_factory=Ranking)
    figures: Annotated[
        Literal["reported", "verified"],
        doc("排名和通报用哪种数：reported 自报数；verified 只用核定数。另一种数总在旁边列出"),
    ] = "reported"
    scoring: Annotated[Literal["ratio", "guiyang"], doc("计分办法：ratio 按完成率；guiyang 是它的旧名")] = (
        "guiyang"
    )
    difficulty: Annotated[dict[OneLine, Positive], doc("评定难度 → 系数")] = field(default_factory=dict)
    tolerance: Annotated[Exact | None, doc("“约”的容差，占目标值的百分之几；不写则“约”无法判断")] = None
    rates: Annotated[tuple[ExchangeRate, ...], doc("汇率，带日期")] = ()
    units: Annotated[dict[OneLine, OneLine], doc("本账本自用的单位：名称 → 定义")] = field(
        default_factory=dict
    )
    bulletin: Annotated[BulletinSettings, doc("通报的发文机关、发文字号、抄送等")] = BulletinSettings()

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for department in self.departments:
            for name in (department.name, *department.aliases):
                if name in seen:
                    raise FieldError(f"部门名或别名重复：{name}")
                seen.add(name)
        require_consistent([department.name for department in self.departments], self.reorganisations)

    @property
    def history(self) -> DepartmentHistory:
        """What the departments are called on any day, worked out anew at each call."""
        return DepartmentHistory([department.name for department in self.departments], self.reorganisations)

    def department(self, name: str) -> "Department | None":
        """Find a department by its name or an alias."""
        return next(
            (
                department
                for department in self.departments
                if name == department.name or name in department.aliases
            ),
            None,
        )
