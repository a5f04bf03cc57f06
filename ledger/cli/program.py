"""The options before the command."""

from __future__ import annotations

from pathlib import Path

from ledger import __version__
from ledger.cli.command import INTEGER, PATH, Command, flag, option
from ledger.cli.context import AppContext


def _version() -> str:
    return f"ledger {__version__}\n"


def _show_completion() -> str:
    from ledger.cli import shells

    return shells.script(shells.running_shell())


def _install_completion() -> str:
    from ledger.cli import shells

    shell = shells.running_shell()
    return shells.installed(shell, shells.install_completion(shell, Path.home())) + "\n"


class Program(Command):
    """部门年度承诺进度账本：按月记账，随时看进度，git 历史即审计底稿。"""

    root = option(PATH, "--root", metavar="文件夹", help="账本所在的文件夹；默认从当前文件夹往上找。")
    year = option(INTEGER, "--year", metavar="年份", help="看哪一年；默认为账本的当前年度。")
    no_pager = flag("--no-pager", help="长的结果不分页，一次显示完。")
    version = flag("--version", help="显示版本。", action=_version)
    install_completion = flag(
        "--install-completion",
        help="为当前命令行装上自动补全：bash、zsh、fish 或 PowerShell。",
        action=_install_completion,
    )
    show_completion = flag(
        "--show-completion", help="只显示自动补全的脚本，什么也不装。", action=_show_completion
    )

    def run(self, context: AppContext) -> None:
        """Take the options over into the context of the command that follows."""
        if self.no_pager:
            context.disable_pager()
