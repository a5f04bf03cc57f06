"""Commands that keep the repository in order: sync, doctor."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.common import DryRunOption, RootOption, call_of
from ledger.render import Format, render

FormatOption = Annotated[Format, typer.Option("--format", help="输出格式：表格、JSON 或 CSV。")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    for command in (sync, doctor):
        app.command()(command)


def sync(
    context: typer.Context,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
    root: RootOption = None,
) -> None:
    """与服务器同步：收下别人的记录，把自己的接在后面送上去。"""
    from ledger.commands.sync import preview
    from ledger.commands.sync import sync as exchange
    from ledger.git import Repo
    from ledger.render.views.sync import synced_view
    from ledger.render.waiting import waiting

    call = call_of(context)
    folder = call.root_of(root)
    with waiting(call.env, "正在同步", still=True):
        repo = Repo.open(folder)
        synced = preview(repo) if dry_run else exchange(repo, folder, told=call.tell)
    render(synced_view(synced, dry_run=dry_run), call.env, form)


def doctor(
    context: typer.Context,
    mend: Annotated[
        bool, typer.Option("--fix", "--mend", help="把能安全处理的处理好；不删任何人写的文字。")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="与 --fix 同用：只显示会处理什么，不写入。")
    ] = False,
    form: FormatOption = Format.TABLE,
    root: RootOption = None,
) -> None:
    """诊断：账本写不进、同步不了时，说明原因和办法。"""
    from ledger.commands.doctor import examine, fix, rehearse
    from ledger.core.errors import ExitCode
    from ledger.render.views.sync import examined_view

    call = call_of(context)
    folder = call.root_of(root)
    act = examine if not mend else rehearse if dry_run else fix
    found = act(folder)
    render(examined_view(found, dry_run=mend and dry_run), call.env, form)
    if found.left:
        raise typer.Exit(ExitCode.FINDINGS)
