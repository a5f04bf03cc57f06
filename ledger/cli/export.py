"""Commands beyond one ledger: export (tables for other programs), rollup (many ledgers added up)."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.common import AsOfOption, DryRunOption, RootOption, YearOption, call_of, read_date
from ledger.render import Format, render

if TYPE_CHECKING:
    from ledger.commands.rollup import Member


class Form(StrEnum):
    """What an export is written as; the same words as `actions.export.Form`, which is not loaded for a help page."""

    CSV = "csv"
    JSONL = "jsonl"
    DATAPACKAGE = "datapackage"
    PARQUET = "parquet"


class Grouping(StrEnum):
    """What one line of a rollup stands for."""

    CITY = "city"
    COUNTY = "county"
    DEPARTMENT = "department"


class Program(StrEnum):
    """What adds up."""

    DUCKDB = "duckdb"
    SPARK = "spark"


FormatOption = Annotated[Format, typer.Option("--format", help="输出格式：表格、JSON 或 CSV。")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    for command in (export, rollup):
        app.command()(command)


def export(
    context: typer.Context,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="文件夹", help="写到哪个文件夹；里面有别的文件时拒绝写入。"),
    ],
    form: Annotated[
        Form,
        typer.Option(
            "--format",
            help="csv：给电子表格；jsonl：每行一个 JSON；datapackage：CSV 加 datapackage.json；parquet：按年、市分文件夹，可供汇总。",
        ),
    ] = Form.CSV,
    city: Annotated[
        str | None,
        typer.Option("--city", metavar="市", help="本账本属于哪个市；默认为账本名称。", show_default=False),
    ] = None,
    county: Annotated[
        str | None,
        typer.Option("--county", metavar="县", help="哪个县（市、区）；默认为市本级。", show_default=False),
    ] = None,
    as_of: AsOfOption = None,
    dry_run: DryRunOption = False,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """导出表格：把一年的承诺事项、目标、进度和记录写成 CSV、JSON、数据包或 Parquet，供别的程序使用。

    数字一律精确：除不尽的写成分数并附分子、分母，不写成近似的小数。

    \b
    例：
      ledger export -o 导出
      ledger export -o 数据包 --format datapackage --as-of 2023-06-30
      ledger export -o 全省 --format parquet --city 湖州 --county 安吉
    """  # noqa: D301 - \b keeps the lines of the examples
    from ledger.commands import export as action
    from ledger.core.progress.report import Query
    from ledger.export.place import CITY_ITSELF, Place
    from ledger.render.views.export import export_view
    from ledger.render.waiting import waiting

    call = call_of(context)
    ledger = call.ledger(root)
    day = read_date(as_of, "--as-of") if as_of else call.env.today
    query = Query(call.year_of(ledger, year), day)
    place = Place(city or ledger.config.name, county or CITY_ITSELF)
    act = action.rehearse if dry_run else action.export
    with waiting(call.env, "正在导出"):
        done = act(ledger, query, action.Form(form.value), call.env.cwd / output, place)
    render(export_view(done, dry_run=dry_run), call.env)


def rollup(
    context: typer.Context,
    ledgers: Annotated[
        list[str],
        typer.Argument(
            metavar="账本…",
            help="账本的文件夹，或 Parquet 导出的文件夹；账本可写成 湖州/安吉=文件夹，说明它属于哪个市、县。",
            show_default=False,
        ),
    ],
    by: Annotated[
        Grouping, typer.Option("--by", help="一行是什么：city 市，county 县（即一本账），department 部门。")
    ] = Grouping.CITY,
    form: FormatOption = Format.TABLE,
    engine: Annotated[
        Program,
        typer.Option("--engine", help="用什么算：duckdb 在本机；spark 用同样的 SQL，给一台机器装不下的。"),
    ] = Program.DUCKDB,
    as_of: AsOfOption = None,
    year: YearOption = None,
) -> None:
    """汇总多本账：按市、县或部门看完成率和亮灯，算法与 ledger status 相同，无法计算的列在旁边。

    \b
    例：
      ledger rollup 湖州=账本/湖州 湖州/安吉=账本/安吉
      ledger rollup 全省 --by department
      ledger rollup 全省 --format csv > 汇总.csv
    """  # noqa: D301 - \b keeps the lines of the examples
    from ledger.commands import rollup as action
    from ledger.render.views.rollup import By, rollup_view
    from ledger.render.waiting import waiting

    call = call_of(context)
    members = [_member(call.env.cwd, text) for text in ledgers]
    day = read_date(as_of, "--as-of") if as_of else None
    with waiting(call.env, "正在汇总"):
        found = action.rollup(
            members,
            year=year or call.year,
            as_of=day,
            today=call.env.today,
            engine=action.Engine(engine.value),
        )
    render(rollup_view(found, By(by.value)), call.env, form)


def _member(cwd: Path, text: str) -> Member:
    """Read `文件夹` or `湖州/安吉=文件夹`; a folder that exists under the whole text is that folder."""
    from ledger.commands.rollup import Member
    from ledger.export.place import Place

    name, sign, folder = text.partition("=")
    if not sign or (cwd / text).exists():
        return Member(cwd / text)
    return Member(cwd / folder, Place.read(name))
