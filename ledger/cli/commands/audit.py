"""`ledger audit`."""

from __future__ import annotations

from ledger.cli.command import PATH, TEXT, Command, flag, option
from ledger.cli.context import AppContext
from ledger.cli.options import FORMAT, ROOT
from ledger.core.errors import ExitCode
from ledger.render import Format, render


class Audit(Command):
    """查历史：每一行从记下之后有没有动过，谁在什么时候动的。没有问题时什么也不说。"""

    full = flag("--full", help="从头再证一遍，不用上次的结果。")
    since = option(TEXT, "--since", metavar="封账", help="只查这次封账之后的：月份（2023-06）或封账号。")
    signers = option(PATH, "--signers", metavar="文件", help="准许签名的名单（SSH allowed signers 格式）。")
    format = FORMAT
    root = ROOT

    def run(self, context: AppContext) -> int:
        from ledger.commands.audit import Question, audit
        from ledger.render.views.audit import breaches_view
        from ledger.render.waiting import waiting

        signers = context.env.cwd / self.signers if self.signers else None
        folder = context.folder()
        with waiting(context.env, "正在查历史"):
            result = audit(folder, Question(self.full, self.since, signers), context.env.today)
        if result.breaches or self.format is not Format.TABLE:
            render(breaches_view(result.breaches), context.env, self.format)
        return ExitCode.FINDINGS if result.breaches else ExitCode.DONE
