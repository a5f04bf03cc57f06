"""`ledger rollup`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.cli.command import TEXT, Command, arguments, choice
from ledger.cli.context import AppContext
from ledger.cli.options import AS_OF, FORMAT, YEAR
from ledger.render import render

if TYPE_CHECKING:
    from ledger.commands.rollup import Member


class Grouping(StrEnum):
    """What one row of a rollup stands for."""

    CITY = "city"
    COUNTY = "county"
    DEPARTMENT = "department"


class Program(StrEnum):
    """What computes a rollup."""

    DUCKDB = "duckdb"
    SPARK = "spark"


class Rollup(Command):
    """汇总多本账：按市、县或部门看完成率和亮灯，算法与 ledger status 相同，无法计算的列在旁边。

    \b
    例：
      ledger rollup 湖州=账本/湖州 湖州/安吉=账本/安吉
      ledger rollup 全省 --by department
      ledger rollup 全省 --format csv > 汇总.csv
    """  # noqa: D301 - \b keeps the lines of the examples

    ledgers = arguments(
        TEXT,
        "账本",
        "账本的文件夹，或 Parquet 导出的文件夹；账本可写成 湖州/安吉=文件夹，说明它属于哪个市、县。",
    )
    by = choice(Grouping.CITY, "--by", help="一行是什么：city 市，county 县（即一本账），department 部门。")
    format = FORMAT
    engine = choice(
        Program.DUCKDB, "--engine", help="用什么算：duckdb 在本机；spark 用同样的 SQL，给一台机器装不下的。"
    )
    as_of = AS_OF
    year = YEAR

    def run(self, context: AppContext) -> None:
        from ledger.commands.rollup import Engine, rollup
        from ledger.render.views.rollup import By, rollup_view
        from ledger.render.waiting import waiting

        with waiting(context.env, "正在汇总"):
            result = rollup(
                [_member(context.env.cwd, text) for text in self.ledgers],
                year=context.year,
                as_of=self.as_of,
                today=context.env.today,
                engine=Engine(self.engine.value),
            )
        render(rollup_view(result, By(self.by.value)), context.env, self.format)


def _member(cwd: Path, text: str) -> Member:
    """Read `文件夹` or `湖州/安吉=文件夹`; a folder that exists under the whole text is that folder."""
    from ledger.commands.rollup import Member
    from ledger.export.place import Place

    name, sign, folder = text.partition("=")
    if not sign or (cwd / text).exists():
        return Member(cwd / text)
    return Member(cwd / folder, Place.read(name))
