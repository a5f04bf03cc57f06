"""Commands that tell others: due (who has not reported), report (one HTML file), bulletin (通报)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Annotated

import typer

from ledger.cli.common import DeptOption, RootOption, YearOption, call_of
from ledger.errors import UsageError
from ledger.render import Format, render

FormatOption = Annotated[Format, typer.Option("--format", help="输出格式：表格、JSON 或 CSV。")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    for command in (due,):
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
