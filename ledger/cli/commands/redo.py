"""`ledger redo`."""

from __future__ import annotations

from ledger.cli.command import TEXT, Command, flag, option, options
from ledger.cli.context import AppContext
from ledger.cli.options import DRY_RUN, FORMAT, ROOT, require_late_with_reason
from ledger.core.errors import ExitCode
from ledger.render import render


class RedoCommand(Command):
    """重做没有送出的提交：服务器不接受时，改成补报、换成自己的名字，或丢下其中几条。

    已经送到服务器的一条也不动；原来的提交还留在本机。改好后再 ledger sync。
    """

    late = flag("--late", help="动了封过的账或过了期限的，改成补报；要写 --reason。")
    reason = option(TEXT, "--reason", metavar="理由", help="补报的理由。")
    drop = options(
        TEXT, "--drop", metavar="编号", help="丢下这一条记录（编号的最后 6 位以上）或这次提交；可写多次。"
    )
    permitted = flag("--permitted", help="丢下按 data/ledger.yaml 不归自己写的各条。")
    as_me = flag("--as-me", help="用现在的姓名和邮箱重做：原来的写错了。")
    forget = flag("--forget", help="不再保留重做以前的提交。")
    yes = flag("--yes", help="不问，直接重做。")
    dry_run = DRY_RUN
    format = FORMAT
    root = ROOT

    def run(self, context: AppContext) -> int:
        from ledger.commands.redo import RedoRequest, forget_redone, preview_redo, redo
        from ledger.render.views.redo import forgotten_view, redo_view, redone_view
        from ledger.render.waiting import waiting

        folder = context.folder()
        if self.forget:
            forgotten = forget_redone(folder)
            with context.after_write():
                render(forgotten_view(forgotten), context.env, self.format)
            return ExitCode.DONE
        require_late_with_reason(self.late, self.reason)
        request = RedoRequest(self.late, (self.reason or "").strip(), self.drop, self.permitted, self.as_me)
        if self.dry_run or (context.env.interactive and not self.yes):
            with waiting(context.env, "正在看服务器", still=True):
                plan = preview_redo(folder, request)
            render(redo_view(plan), context.env, self.format)
            if self.dry_run or not _agreed(context):
                return ExitCode.DONE
        with waiting(context.env, "正在重做", still=True):
            result = redo(folder, request, on_notice=context.notify)
        with context.after_write():
            render(redone_view(result), context.env, self.format)
        return ExitCode.DONE


def _agreed(context: AppContext) -> bool:
    from ledger.cli.prompt import StoppedError, ask

    try:
        return ask(context.env, "照这样重做吗？[是/否] ") in {"是", "y", "Y", "yes"}
    except StoppedError:
        return False
