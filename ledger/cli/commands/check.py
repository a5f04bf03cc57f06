"""`ledger check`."""

from __future__ import annotations

from ledger.cli.command import Command, flag
from ledger.cli.context import AppContext
from ledger.cli.options import FORMAT, ROOT
from ledger.core.errors import ExitCode
from ledger.render import render


class CheckCommand(Command):
    """检查账本：一次报出全部错误，指明文件、行、列和改法。"""

    reads_only = True
    no_cache = flag("--no-cache", help="不用缓存，全部文件重新读。")
    format = FORMAT
    root = ROOT

    def run(self, context: AppContext) -> int:
        from ledger.commands.check import check
        from ledger.files import layout
        from ledger.render.views.findings import findings_view
        from ledger.render.waiting import waiting

        # No progress bar: the thread that draws one must not run where processes are forked.
        with waiting(context.env, "正在检查", still=True):
            findings, notice = check(context.folder(), context.env.today)
        empty = not findings and not any((context.folder() / layout.TARGETS).glob("*/*/*.yaml"))
        words = "账本里还没有承诺事项，没有可检查的" if empty else "没有发现问题"
        render(findings_view(findings, words), context.env, self.format)
        if notice is not None:
            context.notify(notice)
        return ExitCode.FINDINGS if findings else ExitCode.DONE
