"""A progress entry: one dated line of a progress file, never edited and never removed."""

from datetime import date
from typing import Annotated, Literal

from ledger.core.models.base import Model, OneLine, Ordinal, doc
from ledger.core.structs import Meta

ULID_PATTERN = r"^[0-7][0-9A-HJKMNP-TV-Z]{25}\Z"
EntryId = Annotated[str, Meta(pattern=ULID_PATTERN)]

FIGURE_KEYS = ("add", "total", "value", "current", "base", "rank", "of", "benchmark", "step", "verdict")


class Entry(Model):
    """What somebody reported of one target on one date. Figures stay as written; arithmetic reads them exactly."""

    id: Annotated[EntryId, doc("编号（ULID），全账本唯一")]
    on: Annotated[date, doc("数据日期")]
    target: Annotated[OneLine, doc("目标代号")]
    add: Annotated[str | None, doc("本期新增（累计类）")] = None
    total: Annotated[str | None, doc("年初至今累计（累计类）")] = None
    value: Annotated[str | None, doc("当前值（水平类）、增减幅度（增减类）、本地值（比较类）")] = None
    current: Annotated[str | None, doc("本期数（增减类，与 base 同用）")] = None
    base: Annotated[str | None, doc("上年同期数（增减类）")] = None
    rank: Annotated[Ordinal | None, doc("位次")] = None
    of: Annotated[Ordinal | None, doc("参加排名的个数")] = None
    benchmark: Annotated[str | None, doc("参照值（比较类）")] = None
    step: Annotated[str | None, doc("完成的步骤代号（节点类）")] = None
    verdict: Annotated[Literal["met", "unmet"] | None, doc("督查评定：met 达到，unmet 未达到")] = None
    by: Annotated[str, doc("上报人", min_length=1)]
    note: Annotated[str | None, doc("说明")] = None
    evidence: Annotated[tuple[str, ...], doc("佐证材料：文号、网址、文件")] = ()
    corrects: Annotated[EntryId | None, doc("更正哪一条")] = None
    voids: Annotated[EntryId | None, doc("作废哪一条")] = None
    reason: Annotated[str | None, doc("更正、作废、退回、补报或评定的理由")] = None
    rate: Annotated[str | None, doc("折算所用汇率，如 美元/元 2023-06-30 7.2258")] = None
    late: Annotated[bool, doc("封账后补报")] = False
    unavailable: Annotated[bool, doc("本期无法统计，没有数；原因写在 reason")] = False
    confirmed: Annotated[tuple[OneLine, ...], doc("记入前已核对并确认的疑点（规则名）")] = ()
    verifies: Annotated[EntryId | None, doc("督查核定哪一条；一条记录只核定它自己，更正后要重新核定")] = None
    returns: Annotated[EntryId | None, doc("督查退回哪一条，理由写在 reason；更正那一条就是答复")] = None
    cause: Annotated[OneLine | None, doc("进度落后的原因")] = None
    measure: Annotated[OneLine | None, doc("改进的措施")] = None
    owner: Annotated[OneLine | None, doc("措施的责任人")] = None
    until: Annotated[date | None, doc("措施的完成时限；过了这一天仍落后的，列为逾期")] = None
    simulated: Annotated[Literal["模拟数据"] | None, doc("演示用的模拟数据，不是真实进度")] = None


SHORT_ID = 6
"""Characters of an id that people may write: its last ones, 32**6 of them; one millisecond's ids share the first ones."""


def short_id(entry_id: str) -> str:
    """Return the end of an entry's id, by which people name it."""
    return entry_id[-SHORT_ID:]
