"""Puts the commands together and runs them; usage errors are put into Chinese here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ledger import __version__
from ledger.cli import audit, complete, correct, export, plan, read, report, score, sheet, sync, write
from ledger.cli import help as help_pages
from ledger.cli.chinese import ChineseTyper, speak_chinese
from ledger.cli.common import call_of
from ledger.cli.context import AppContext
from ledger.cli.usage import usage_error
from ledger.environment import Environment

app = ChineseTyper(
    name="ledger",
    help="部门年度承诺进度账本：按月记账，随时看进度，git 历史即审计底稿。",
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ledger {__version__}")
        raise typer.Exit


def _show(wanted: bool) -> None:
    if wanted:
        from ledger.cli import shells

        typer.echo(shells.script(shells.running()), nl=False)
        raise typer.Exit


def _install(context: typer.Context, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from ledger.cli import shells

        shell = shells.running()
        typer.echo(shells.installed(shell, shells.install(shell, Path.home())))
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    root: Annotated[
        Path | None,
        typer.Option(metavar="文件夹", help="账本所在的文件夹；默认从当前文件夹往上找。", show_default=False),
    ] = None,
    year: Annotated[
        int | None, typer.Option(metavar="年份", help="看哪一年；默认为账本的当前年度。", show_default=False)
    ] = None,
    no_pager: Annotated[bool, typer.Option("--no-pager", help="长的结果不分页，一次显示完。")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本。")
    ] = False,
    install_completion: Annotated[
        bool,
        typer.Option(
            "--install-completion",
            callback=_install,
            is_eager=True,
            help="为当前命令行装上自动补全：bash、zsh、fish 或 PowerShell。",
        ),
    ] = False,
    show_completion: Annotated[
        bool,
        typer.Option(
            "--show-completion",
            callback=_show,
            is_eager=True,
            help="只显示自动补全的脚本，什么也不装。",
        ),
    ] = False,
) -> None:
    """部门年度承诺进度账本：按月记账，随时看进度，git 历史即审计底稿。"""
    call = call_of(context)
    call.root, call.year = root, year
    if no_pager:
        call.page_nothing()


read.register(app)
write.register(app)
sheet.register(app)
correct.register(app)
sync.register(app)
score.register(app)
plan.register(app)
audit.register(app)
report.register(app)
export.register(app)
help_pages.register(app)


def invoke(arguments: list[str], env: Environment) -> int:
    """Run one command line in `env` and return its exit code.

    Raises:
        LedgerError: whatever the command raises; a wrong command line as UsageError.
    """
    if env.completing is not None:
        complete.answer(typer.main.get_command(app.narrowed(arguments)), arguments, AppContext(env))
        return 0
    if complete.TYPER in env.environ:
        complete.answer_typer(typer.main.get_command(app), AppContext(env))
        return 0
    speak_chinese()
    try:
        result = app(arguments, standalone_mode=False, obj=AppContext(env), prog_name="ledger")
    except typer.Abort:
        raise KeyboardInterrupt from None
    except Exception as error:
        translated = usage_error(error)
        if translated is None:
            raise
        raise translated from None
    return int(result or 0)
