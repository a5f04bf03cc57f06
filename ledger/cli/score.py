"""The command that ranks departments: rank."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.common import AsOfOption, RootOption, YearOption, call_of, read_date
from ledger.render import Format, render


def register(app: typer.Typer) -> None:
    """Add this module's command to the program."""
    app.command()(rank)


def rank(
    context: typer.Context,
    as_of: AsOfOption = None,
    everything: Annotated[bool, typer.Option("--all", help="也列出每个事项的得分。")] = False,
    form: Annotated[Format, typer.Option("--format", help="输出格式：表格、JSON 或 CSV。")] = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """给各部门按得分排名，计难度与不计难度并列。"""
    from ledger.commands.rank import rank as score
    from ledger.core.progress.report import Query
    from ledger.render.views.score import ranking_view

    call = call_of(context)
    ledger = call.ledger(root)
    day = read_date(as_of, "--as-of") if as_of else call.env.today
    query = Query(call.year_of(ledger, year), day)
    render(ranking_view(score(ledger, query), detail=everything), call.env, form)
