"""Commands that tell others: due (who has not reported), report (one HTML file), bulletin (通报)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.common import AsOfOption, Call, DeptOption, RootOption, YearOption, call_of, read_date
from ledger.errors import UsageError
from ledger.render import Format, render

if TYPE_CHECKING:
    from ledger.actions.report import Query
    from ledger.store.ledger import Ledger

FormatOption = Annotated[Format, typer.Option("--format", help="输出格式：表格、JSON 或 CSV。")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    for command in (due, report):
        app.command()(command)


def due(
    context: typer.Context,
    month: Annotated[
        str | None,
        typer.Option(
            "--month",
            metavar="月份",
            help="哪个月，如 2023-06；默认为最近一个已过完的月。",
            show_default=False,
        ),
    ] = None,
    dept: DeptOption = None,
    form: FormatOption = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """看谁还没报：某月应报未报的目标、逾期天数和可直接复制的提醒。有未报时退出码为 1，便于定时任务使用。"""
    from ledger.actions import find
    from ledger.actions.due import due as look
    from ledger.actions.due import last_month
    from ledger.errors import ExitCode
    from ledger.render.views.due import due_view

    call = call_of(context)
    ledger = call.ledger(root)
    names = frozenset(find.department(ledger.config, one).name for one in dept) if dept else None
    end = read_month(month) if month else last_month(call.env.today)
    report = look(ledger, call.year_of(ledger, year or call.year or end.year), end, call.env.today, names)
    render(due_view(report), call.env, form)
    if report.count:
        raise typer.Exit(ExitCode.FINDINGS)


def report(
    context: typer.Context,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="文件", help="写到哪个 .html 文件。")],
    as_of: AsOfOption = None,
    dept: DeptOption = None,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """做网页报告：一个离线可看的 HTML 文件，含总览、排名、每项承诺的原文、进度图和记录。"""
    from ledger.actions.dossier import dossier
    from ledger.render.html import html
    from ledger.render.outfile import write_file
    from ledger.render.views.documents import written_view

    call = call_of(context)
    ledger = call.ledger(root)
    query = _query(call, ledger, as_of, dept, year)
    path = call.env.cwd / output
    write_file(path, html(dossier(ledger, query), call.env.today).encode())
    render(written_view("网页报告", path, query.as_of), call.env)


def _query(call: Call, ledger: Ledger, as_of: str | None, dept: list[str] | None, year: int | None) -> Query:
    from ledger.actions import find
    from ledger.actions.report import Query

    names = frozenset(find.department(ledger.config, one).name for one in dept) if dept else None
    day = read_date(as_of, "--as-of") if as_of else call.env.today
    return Query(year=call.year_of(ledger, year), as_of=day, departments=names)


def read_month(text: str) -> date:
    """Return the last day of the month given on the command line.

    Raises:
        UsageError: when it is none.
    """
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise UsageError(f"--month 不是月份：{text}", "写成 2023-06 这样") from None
    return first.replace(day=monthrange(first.year, first.month)[1])
