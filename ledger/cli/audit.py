"""Commands for auditors and for the server: audit, seal, guard."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.chinese import ChineseTyper
from ledger.cli.common import DryRunOption, RootOption, call_of
from ledger.render import Format, render


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    app.command()(audit)
    app.command()(seal)
    guards = ChineseTyper(help="守卫：装在服务器的裸仓库上，推送先过审计的规则。", no_args_is_help=True)
    guards.command()(install)
    guards.command(hidden=True)(receive)
    app.add_typer(guards, name="guard")


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
    from ledger.commands.audit import Question
    from ledger.commands.audit import audit as prove
    from ledger.core.errors import ExitCode
    from ledger.render.views.audit import breaches_view
    from ledger.render.waiting import waiting

    call = call_of(context)
    named = call.env.cwd / signers if signers else None
    folder = call.root_of(root)
    with waiting(call.env, "正在查历史"):
        found = prove(folder, Question(full, since, named), call.env.today)
    if found.breaches or form is not Format.TABLE:
        render(breaches_view(found.breaches), call.env, form)
    if found.breaches:
        raise typer.Exit(ExitCode.FINDINGS)


def seal(
    context: typer.Context,
    month: Annotated[str, typer.Argument(metavar="月份", help="要封的月份，如 2023-06；以前各月一并封上。")],
    local: Annotated[bool, typer.Option("--local", help="账本没有服务器，封账只留在这台电脑上。")] = False,
    dry_run: DryRunOption = False,
    form: Annotated[Format, typer.Option("--format", help="输出格式：表格、JSON 或 CSV。")] = Format.TABLE,
    root: RootOption = None,
) -> None:
    """封账：给一个月的账打上封条，之后补报要写明理由；封账号印在通报上。"""
    from ledger.commands.seal import seal as close
    from ledger.commands.seal import sealable
    from ledger.render.views.audit import sealable_view, sealed_view
    from ledger.render.waiting import waiting

    call = call_of(context)
    folder, today = call.root_of(root), call.env.today
    with waiting(call.env, "正在封账", still=True):
        view = (
            sealable_view(sealable(folder, month, today, local=local))
            if dry_run
            else sealed_view(close(folder, month, today, local=local))
        )
    render(view, call.env, form)


def install(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="裸仓库", help="服务器上的裸仓库。")],
    admin: Annotated[
        list[str] | None,
        typer.Option(metavar="邮箱", help="可以修改规则文件的人；可写多次。", show_default=False),
    ] = None,
    signers: Annotated[
        str | None,
        typer.Option(metavar="文件", help="准许签名的名单，相对于裸仓库的文件夹。", show_default=False),
    ] = None,
    signatures: Annotated[
        bool, typer.Option("--require-signatures", help="每次提交都要由作者本人签名。")
    ] = False,
    branch: Annotated[str, typer.Option(metavar="分支", help="唯一可以推送的分支。")] = "main",
    dry_run: DryRunOption = False,
) -> None:
    """给服务器的裸仓库装上守卫。"""
    from ledger.commands.guard import install as put
    from ledger.render.views.audit import installed_view

    call = call_of(context)
    bare = (call.env.cwd / folder).resolve()
    made = put(
        bare, admins=admin or (), signers=signers, signatures=signatures, branch=branch, dry_run=dry_run
    )
    render(installed_view(made, dry_run=dry_run), call.env)


def receive(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="裸仓库", help="被推送的裸仓库。")],
) -> None:
    """由 pre-receive 钩子调用：从标准输入读推送内容，有问题就拒绝。"""
    from ledger.cli import hook

    code = hook.receive(folder, call_of(context).env)
    if code:
        raise typer.Exit(code)
