"""Commands for auditors and for the server: audit, seal, guard."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.common import RootOption, call_of
from ledger.render import Format, render


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    app.command()(audit)
    app.command()(seal)


def audit(
    context: typer.Context,
    full: Annotated[bool, typer.Option("--full", help="从头再证一遍，不用上次的结果。")] = False,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="封账", help="只查这次封账之后的：月份（2023-06）或封账号。", show_default=False
        ),
    ] = None,
    signers: Annotated[
        Path | None,
        typer.Option(metavar="文件", help="准许签名的名单（SSH allowed signers 格式）。", show_default=False),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="输出格式：表格、JSON 或 CSV。")] = Format.TABLE,
    root: RootOption = None,
) -> None:
    """查历史：每一行从记下之后有没有动过，谁在什么时候动的。没有问题时什么也不说。"""
    from ledger.actions.audit import Question
    from ledger.actions.audit import audit as prove
    from ledger.errors import ExitCode
    from ledger.render.views.audit import breaches_view

    call = call_of(context)
    named = call.env.cwd / signers if signers else None
    found = prove(call.root_of(root), Question(full, since, named), call.env.today)
    if found.breaches or form is not Format.TABLE:
        render(breaches_view(found.breaches), call.env, form)
    if found.breaches:
        raise typer.Exit(ExitCode.FINDINGS)


def seal(
    context: typer.Context,
    month: Annotated[str, typer.Argument(metavar="月份", help="要封的月份，如 2023-06；以前各月一并封上。")],
    local: Annotated[bool, typer.Option("--local", help="账本没有服务器，封账只留在这台电脑上。")] = False,
    form: Annotated[Format, typer.Option("--format", help="输出格式：表格、JSON 或 CSV。")] = Format.TABLE,
    root: RootOption = None,
) -> None:
    """封账：给一个月的账打上封条，之后补报要写明理由；封账号印在通报上。"""
    from ledger.actions.seal import seal as close
    from ledger.render.views.audit import sealed_view

    call = call_of(context)
    render(sealed_view(close(call.root_of(root), month, call.env.today, local=local)), call.env, form)
