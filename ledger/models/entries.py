"""A progress entry: one dated line of a progress file, never edited and never removed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from ledger.models.base import Line, Model

ULID_PATTERN = r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$"
EntryId = Annotated[str, Field(pattern=ULID_PATTERN)]

FIGURE_KEYS = ("add", "total", "value", "current", "base", "rank", "of", "benchmark", "step", "verdict")


class Entry(Model):
    """What somebody reported of one target on one date. Figures stay as written; arithmetic reads them exactly."""

    id: EntryId = Field(description="编号（ULID），全账本唯一")
    on: date = Field(description="数据日期")
    target: Line = Field(description="目标代号")
    add: str | None = Field(None, description="本期新增（累计类）")
    total: str | None = Field(None, description="年初至今累计（累计类）")
    value: str | None = Field(None, description="当前值（水平类）、增减幅度（增减类）、本地值（比较类）")
    current: str | None = Field(None, description="本期数（增减类，与 base 同用）")
    base: str | None = Field(None, description="上年同期数（增减类）")
    rank: int | None = Field(None, ge=1, description="名次")
    of: int | None = Field(None, ge=1, description="参加排名的个数")
    benchmark: str | None = Field(None, description="参照值（比较类）")
    step: str | None = Field(None, description="完成的步骤代号（节点类）")
    verdict: Literal["met", "unmet"] | None = Field(None, description="督查评定：met 达到，unmet 未达到")
    by: str = Field(min_length=1, description="上报人")
    note: str | None = Field(None, description="说明")
    evidence: tuple[str, ...] = Field((), description="佐证材料：文号、网址、文件")
    corrects: EntryId | None = Field(None, description="更正哪一条")
    voids: EntryId | None = Field(None, description="作废哪一条")
    reason: str | None = Field(None, description="更正、作废、补报或评定的理由")
    rate: str | None = Field(None, description="折算所用汇率，如 美元/元 2023-06-30 7.2258")
    late: bool = Field(False, description="封账后补报")
    simulated: Literal["模拟数据"] | None = Field(None, description="演示用的模拟数据，不是真实进度")
