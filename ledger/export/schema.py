"""The tables of an export: names, types and meaning of every column, stated once for all formats.

Column names avoid the reserved words of SQL (`on`, `add`, `value`, `by` …), which DuckDB and Spark quote differently.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

VERSION = 2
"""Version of the tables; raised whenever a column changes its name, type or meaning."""

ColumnType = Literal["text", "decimal", "integer", "date", "flag"]

DECIMAL_PLACES = 10
"""Places that a `decimal` column is rounded to, half to even: DECIMAL(38, 10) in Parquet."""
DECIMAL_DIGITS = 38
"""Digits of a `decimal` column in all; a longer figure is left empty there and stands in its numerator and denominator."""


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column; `about` is its description in the data package and in the documentation."""

    name: str
    kind: ColumnType
    about: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class ExportTable:
    """One table with its key and the tables its rows belong to (columns here, table, columns there)."""

    name: str
    about: str
    columns: tuple[ExportColumn, ...]
    key: tuple[str, ...]
    belongs: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)


def _fraction(name: str, about: str, more: str) -> tuple[ExportColumn, ...]:
    short = about.partition("：")[0]
    return (
        ExportColumn(name, "decimal", f"{about}；{more}，四舍六入到 {DECIMAL_PLACES} 位小数"),
        ExportColumn(f"{name}_numerator", "text", f"{short}：约分后的分子，精确，文字"),
        ExportColumn(f"{name}_denominator", "text", f"{short}：约分后的分母，精确，文字"),
    )


def _share(name: str, about: str) -> tuple[ExportColumn, ...]:
    return _fraction(name, about, "1 即 100%；空为无法计算")


def _figure(name: str, about: str) -> tuple[ExportColumn, ...]:
    return _fraction(name, about, "已去掉万、亿")


ORIGIN = (
    ExportColumn("ledger", "text", "账本的身份：它第一次提交的编号；名称、市、县只是标签", required=True),
    ExportColumn("year", "integer", "计划年度", required=True),
    ExportColumn("as_of", "date", "截至哪一天（含当天）", required=True),
    ExportColumn("known", "text", "按哪个提交时所知（如封账的提交）；空为导出时所知"),
    ExportColumn("code", "text", "行政区划代码（GB/T 2260）；没有写的为空"),
    ExportColumn("city", "text", "市", required=True),
    ExportColumn("county", "text", "县（市、区）；市一级自己的账本为 市本级", required=True),
    ExportColumn("source_commit", "text", "导出所据的提交", required=True),
    ExportColumn("clean", "flag", "导出时账本没有未提交的改动", required=True),
    ExportColumn("sealed", "text", "最近一次封账的月份；空为没有封账"),
    ExportColumn("audited", "text", "最近一次审计：complete 审完无问题，findings 有问题，空为没有审过"),
    ExportColumn(
        "sound", "flag", "导出时通过 ledger check；为 false 的是用 --include-broken 放进来的", required=True
    ),
    ExportColumn("program", "text", "导出所用程序的版本", required=True),
    ExportColumn("simulated", "flag", "是否模拟数据", required=True),
)
"""The first columns of every table: whose rows they are, and what they rest on."""
PARTITION = ("year", "as_of")
_OWN = ("ledger", "year", "as_of")

_KINDS = "种类：accumulate level change rank compare milestone judgement"

DEPARTMENTS = ExportTable(
    "departments",
    "部门，及其在截至日的完成率",
    (
        *ORIGIN,
        ExportColumn("department", "text", "部门名称", required=True),
        ExportColumn("number", "integer", "在账本里的次序，从 1 起", required=True),
        ExportColumn("inferred", "flag", "系初步认定，尚待核实", required=True),
        ExportColumn("commitments", "integer", "承诺事项数", required=True),
        *_share("completion", "完成率：各承诺事项完成率的平均"),
        ExportColumn("counted", "integer", "计入平均的承诺事项数", required=True),
        ExportColumn("uncounted", "integer", "无法计算、未计入的承诺事项数", required=True),
        ExportColumn("targets", "integer", "目标数", required=True),
        ExportColumn("targets_uncounted", "integer", "没有完成率的目标数", required=True),
    ),
    (*_OWN, "department"),
)

COMMITMENTS = ExportTable(
    "commitments",
    "承诺事项，及其在截至日的完成率和亮灯",
    (
        *ORIGIN,
        ExportColumn("commitment", "text", "编号，如 金融办-03", required=True),
        ExportColumn("department", "text", "责任部门", required=True),
        ExportColumn("title", "text", "承诺事项", required=True),
        ExportColumn("goal_text", "text", "年度目标，逐字照录", required=True),
        ExportColumn("difficulty", "text", "评定难度；未评定为空"),
        ExportColumn("period_from", "date", "计划期起", required=True),
        ExportColumn("period_to", "date", "计划期止", required=True),
        ExportColumn("closed_on", "date", "销号日期"),
        *_share("completion", "完成率：各目标的加权平均，单项封顶 100%"),
        ExportColumn("counted", "integer", "计入平均的目标（组）数", required=True),
        ExportColumn("uncounted", "integer", "无法计算、未计入的目标（组）数", required=True),
        ExportColumn("light", "text", "亮灯", required=True),
    ),
    (*_OWN, "commitment"),
)

TARGETS = ExportTable(
    "targets",
    "事项下的目标，如计划所写",
    (
        *ORIGIN,
        ExportColumn("commitment", "text", "编号", required=True),
        ExportColumn("target", "text", "目标代号", required=True),
        ExportColumn("name", "text", "目标名称", required=True),
        ExportColumn("kind", "text", _KINDS, required=True),
        ExportColumn("goal", "text", "目标值，如 ≥16亿美元"),
        ExportColumn("goal_operator", "text", "比较词，如 at_least"),
        *_figure("goal_figure", "目标的数；between 为下限"),
        *_figure("goal_upper", "between 的上限"),
        ExportColumn("unit", "text", "单位，不带万、亿"),
        ExportColumn("stretch", "text", "争取值，多个用 ； 隔开"),
        ExportColumn("quote", "text", "原文摘句", required=True),
        ExportColumn("weight", "text", "在事项内的权重", required=True),
        ExportColumn("due", "date", "应完成日期", required=True),
        ExportColumn("part_of", "text", "是哪个目标的“其中”"),
        ExportColumn("any_of", "text", "同一组名的目标完成其一即可"),
    ),
    (*_OWN, "commitment", "target"),
    (((*_OWN, "commitment"), "commitments", (*_OWN, "commitment")),),
)

STATUS = ExportTable(
    "status",
    "每个目标在截至日算出的进度，旁附目标的名称、种类、目标值和权重，单用这一张表即可统计",
    (
        *ORIGIN,
        ExportColumn("commitment", "text", "编号", required=True),
        ExportColumn("title", "text", "承诺事项", required=True),
        ExportColumn("department", "text", "责任部门", required=True),
        ExportColumn("difficulty", "text", "评定难度；未评定为空"),
        ExportColumn("target", "text", "目标代号", required=True),
        ExportColumn("name", "text", "目标名称", required=True),
        ExportColumn("kind", "text", _KINDS, required=True),
        ExportColumn("goal", "text", "目标值，如 ≥16亿美元"),
        ExportColumn("unit", "text", "单位，不带万、亿"),
        ExportColumn("weight", "text", "在事项内的权重", required=True),
        ExportColumn("actual", "text", "现在的数，如人所写"),
        *_figure("figure", "现在的数，按目标的单位"),
        *_share("completion", "完成率，不封顶"),
        *_share("expected", "到截至日应有的完成率（序时进度）"),
        ExportColumn("light", "text", "亮灯", required=True),
        ExportColumn("met", "flag", "是否达标；空为无法判断"),
        ExportColumn("entries", "integer", "计入的记录数", required=True),
        ExportColumn("figure_date", "date", "所用数据的日期"),
        ExportColumn("reason", "text", "为什么无法计算或判断，补什么"),
        ExportColumn("notes", "text", "说明，多条用 ； 隔开"),
    ),
    (*_OWN, "commitment", "target"),
    (((*_OWN, "commitment", "target"), "targets", (*_OWN, "commitment", "target")),),
)

ENTRIES = ExportTable(
    "entries",
    "截至日及以前的进度记录，一条一行，数照原样，旁附读出的精确数",
    (
        *ORIGIN,
        ExportColumn("commitment", "text", "编号", required=True),
        ExportColumn("department", "text", "责任部门", required=True),
        ExportColumn("target", "text", "目标代号", required=True),
        ExportColumn("entry", "text", "记录编号（ULID）", required=True),
        ExportColumn("report_date", "date", "数据日期", required=True),
        ExportColumn("counts", "flag", "是否计入：被更正、被作废的为 false", required=True),
        ExportColumn("added", "text", "本期新增，如人所写"),
        ExportColumn("running_total", "text", "年初至今累计，如人所写"),
        ExportColumn("reading", "text", "当前值、增减幅度或本地值，如人所写"),
        *_figure("amount", "上面三者之一读出的数"),
        ExportColumn("amount_unit", "text", "读出的单位，不带万、亿"),
        ExportColumn("current_period", "text", "本期数，如人所写"),
        ExportColumn("base_period", "text", "上年同期数，如人所写"),
        ExportColumn("benchmark", "text", "参照值，如人所写"),
        ExportColumn("place", "integer", "位次"),
        ExportColumn("places", "integer", "参加排名的个数"),
        ExportColumn("step", "text", "完成的步骤代号"),
        ExportColumn("verdict", "text", "督查评定：met 达到，unmet 未达到"),
        ExportColumn("reporter", "text", "上报人", required=True),
        ExportColumn("note", "text", "说明"),
        ExportColumn("evidence", "text", "佐证材料，多份用 ； 隔开"),
        ExportColumn("corrects", "text", "更正哪一条"),
        ExportColumn("voids", "text", "作废哪一条"),
        ExportColumn("reason", "text", "更正、作废、补报或评定的理由"),
        ExportColumn("rate", "text", "折算所用汇率"),
        ExportColumn("late", "flag", "封账后补报", required=True),
        ExportColumn("entry_simulated", "flag", "这一条是否模拟数据", required=True),
    ),
    (*_OWN, "entry"),
    (((*_OWN, "commitment"), "commitments", (*_OWN, "commitment")),),
)

TABLES: dict[str, ExportTable] = {
    table.name: table for table in (DEPARTMENTS, COMMITMENTS, TARGETS, STATUS, ENTRIES)
}
ROLLUP = ("commitments", "status")
"""The tables that the SQL of a rollup reads."""
