"""What every command declares alike: the global options, and how it finds its call."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.context import AppContext
from ledger.cli.dates import read_date as read_date


def call_of(context: typer.Context) -> AppContext:
    """Return this call's object, put there by `__main__`."""
    call = context.find_object(AppContext)
    assert call is not None, "the program is started by ledger.__main__.main"
    return call


RootOption = Annotated[
    Path | None,
    typer.Option(
        "--root", metavar="文件夹", help="账本所在的文件夹；默认从当前文件夹往上找。", show_default=False
    ),
]
YearOption = Annotated[
    int | None,
    typer.Option("--year", metavar="年份", help="看哪一年；默认为账本的当前年度。", show_default=False),
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="日期", help="截至哪一天（含当天）；默认为今天。", show_default=False),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="只显示会做什么，不写入。")]
DeptOption = Annotated[
    list[str] | None,
    typer.Option("--dept", metavar="部门", help="只看这个部门，可写多次。", show_default=False),
]
