"""`ledger seal`."""

from __future__ import annotations

from ledger.cli.command import MONTH, TEXT, Command, argument, flag, option
from ledger.cli.context import AppContext
from ledger.cli.options import DRY_RUN, FORMAT, ROOT
from ledger.render import render


class SealCommand(Command):
    """封账：给一个月的账打上封条，之后补报要写明理由；封账号印在通报上。"""

    month = argument(MONTH, "月份", "要封的月份，如 2023-06；以前各月一并封上。")
    reopen = flag("--reopen", help="重开最近封的这个月：封错了才用，只有管理员可以，要写 --reason。")
    reason = option(TEXT, "--reason", metavar="理由", help="为什么重开。")
    local = flag("--local", help="账本没有服务器，封账只留在这台电脑上。")
    dry_run = DRY_RUN
    format = FORMAT
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.commands.seal import seal, sealable
        from ledger.render.views.audit import sealable_view, sealed_view
        from ledger.render.waiting import waiting

        folder, today = context.folder(), context.env.today
        month = f"{self.month:%Y-%m}"
        with waiting(context.env, "正在封账", still=True):
            reason = (self.reason or "") if self.reopen else None
            if self.dry_run:
                view = sealable_view(sealable(folder, month, today, local=self.local, reopen_reason=reason))
            else:
                view = sealed_view(
                    seal(
                        folder, month, today, local=self.local, reopen_reason=reason, on_notice=context.notify
                    )
                )
        with context.after_write(dry_run=self.dry_run):
            render(view, context.env, self.format)
