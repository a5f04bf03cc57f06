"""Commands that only read: status, show, plot, history, targets, check, quantity."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli import daily
from ledger.cli.common import AsOfOption, DeptOption, RootOption, YearOption, call_of, read_date
from ledger.render import Format, render

FormatOption = Annotated[Format, typer.Option("--format", help="输出格式：表格、JSON 或 CSV。")]
RefArgument = Annotated[
    str, typer.Argument(metavar="编号", help="承诺事项（金融办-03）、目标（金融办-03/listed）或目标名称。")
]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    for command in (status, show, plot, history, targets, check, quantity):
        app.command()(command)


def status(
    context: typer.Context,
    dept: DeptOption = None,
    light: Annotated[
        list[str] | None,
        typer.Option(
            "--light",
            metavar="灯",
            help="只看这种灯：已达标、正常、滞后、严重滞后、未报、无法判断；可写多次。",
            show_default=False,
        ),
    ] = None,
    as_of: AsOfOption = None,
    everything: Annotated[bool, typer.Option("--all", help="列出全部部门的每个目标。")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="不用缓存，全部文件重新读。")] = False,
    score: Annotated[bool, typer.Option("--score", help="看得分：计难度与不计难度并列。")] = False,
    form: FormatOption = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """看进度：各部门一览，或某个部门的每个目标。"""
    daily.status(
        call_of(context),
        dept=dept,
        light=light,
        as_of=as_of,
        everything=everything,
        no_cache=no_cache,
        score=score,
        form=form,
        year=year,
        root=root,
    )


def show(
    context: typer.Context,
    ref: RefArgument,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """看一项承诺的全部：原文、目标、记录、还来不来得及。"""
    from ledger.commands.show import show as read
    from ledger.render.views.show import show_view

    call = call_of(context)
    ledger = call.ledger(root)
    day = read_date(as_of, "--as-of") if as_of else call.env.today
    render(show_view(read(ledger, call.year_of(ledger, year), ref, day)), call.env, form)


def plot(
    context: typer.Context,
    ref: RefArgument,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """画进度图：每个目标的实际数、序时进度和目标值，下面列出准确的数。"""
    from ledger.commands.plot import plot as draw
    from ledger.render.views.plot import plot_view

    call = call_of(context)
    ledger = call.ledger(root)
    day = read_date(as_of, "--as-of") if as_of else call.env.today
    render(plot_view(draw(ledger, call.year_of(ledger, year), ref, day)), call.env, form)


def history(
    context: typer.Context,
    ref: RefArgument,
    form: FormatOption = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """看记录的来历：每条记录是谁、什么时候、在哪次提交写下的。"""
    from ledger.commands.show import history_of
    from ledger.render.views.show import history_view

    call = call_of(context)
    ledger = call.ledger(root)
    source, entries = history_of(ledger, call.year_of(ledger, year), ref)
    render(history_view(source.commitment.id, source.commitment.title, entries), call.env, form)


def targets(
    context: typer.Context,
    word: Annotated[
        str, typer.Argument(metavar="词", help="目标名称、原文或承诺事项里的词；不写则列出全部。")
    ] = "",
    dept: DeptOption = None,
    form: FormatOption = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """按词查找目标。"""
    from ledger.files import lookup
    from ledger.render.views.targets import targets_view

    call = call_of(context)
    ledger = call.ledger(root)
    names = {lookup.department(ledger.config, one).name for one in dept} if dept else None
    found = lookup.search(ledger.sound_plan(call.year_of(ledger, year), names), word)
    render(targets_view(found, word), call.env, form)


def check(context: typer.Context, form: FormatOption = Format.TABLE, root: RootOption = None) -> None:
    """检查账本：一次报出全部错误，指明文件、行、列和改法。"""
    code = daily.check(call_of(context), form=form, root=root)
    if code:
        raise typer.Exit(code)


def quantity(
    context: typer.Context,
    texts: Annotated[
        list[str], typer.Argument(metavar="数量...", help="要读的数量；- 表示从标准输入逐行读。")
    ],
    form: FormatOption = Format.TABLE,
    root: RootOption = None,
) -> None:
    """看一个数量是怎么读的，或为什么读不懂。"""
    from ledger.core.units import default_units
    from ledger.files.ledger import LedgerNotFoundError
    from ledger.render.views.quantity import quantity_view

    call = call_of(context)
    try:
        units = call.ledger(root).units
    except LedgerNotFoundError:
        units = default_units()
    read: list[str] = []
    for text in texts:
        read += [line.rstrip("\r\n") for line in call.env.stdin] if text == "-" else [text]
    render(quantity_view(read, units), call.env, form)
