"""`ledger audit`."""

from __future__ import annotations

from ledger.cli.command import PATH, TEXT, Command, flag, option
from ledger.cli.context import AppContext
from ledger.cli.options import FORMAT, ROOT
from ledger.core.errors import ExitCode
from ledger.render import render


class AuditCommand(Command):
    """查历史：每一行从记下之后有没有动过，谁在什么时候动的。没有问题时写出证明了什么。"""

    full = flag("--full", help="从头再证一遍，不用上次的结果。")
    since = option(TEXT, "--since", metavar="封账", help="只查这次封账之后的：月份（2023-06）或封账号。")
    signers = option(PATH, "--signers", metavar="文件", help="准许签名的名单（SSH allowed signers 格式）。")
    certificate = option(
        PATH, "--certificate", metavar="文件", help="把证明了什么写成一个文本文件，供审计归档。"
    )
    format = FORMAT
    root = ROOT

    def run(self, context: AppContext) -> int:
        from ledger.commands.audit import AuditRequest, audit
        from ledger.render.outfile import write_file
        from ledger.render.views.audit import audit_view, certificate_lines
        from ledger.render.waiting import waiting

        signers = context.env.cwd / self.signers if self.signers else None
        folder = context.folder()
        with waiting(context.env, "正在查历史"):
            result = audit(folder, AuditRequest(self.full, self.since, signers), context.env.today)
        render(audit_view(result), context.env, self.format)
        if self.certificate:
            text = "".join(f"{line}\n" for line in certificate_lines(result))
            write_file(context.env.cwd / self.certificate, text.encode("utf-8"))
        return ExitCode.DONE if result.clean else ExitCode.FINDINGS
