"""`ledger doctor`."""

from __future__ import annotations

from ledger.cli.command import Command, flag
from ledger.cli.context import AppContext
from ledger.cli.options import FORMAT, ROOT
from ledger.core.errors import ExitCode
from ledger.render import render


class DoctorCommand(Command):
    """诊断：账本写不进、同步不了时，说明原因和办法。"""

    fix = flag("--fix", "--mend", help="把能安全处理的处理好；不删任何人写的文字。")
    mine = flag("--mine", help="没有提交的记录确是自己写的：处理好，再以您的名义记入；不写则移到一边。")
    dry_run = flag("--dry-run", help="与 --fix 同用：只显示会处理什么，不写入。")
    format = FORMAT
    root = ROOT

    def run(self, context: AppContext) -> int:
        from ledger.commands.doctor import claim_lines, examine, fix, preview_repairs
        from ledger.render.views.doctor import examined_view

        folder, mends = context.folder(), self.fix or self.mine
        if self.mine and not self.dry_run:
            result = claim_lines(folder, context.env.today)
        else:
            act = examine if not mends else preview_repairs if self.dry_run else fix
            result = act(folder)
        view = examined_view(result, dry_run=mends and self.dry_run)
        with context.after_write(dry_run=self.dry_run or not mends):
            render(view, context.env, self.format)
        return ExitCode.FINDINGS if result.left else ExitCode.DONE
