"""`ledger lint`."""

from __future__ import annotations

from ledger.cli.command import Command, flag
from ledger.cli.context import AppContext
from ledger.cli.options import DEPARTMENTS, FORMAT, ROOT, YEAR
from ledger.core.errors import ExitCode
from ledger.render import render


class LintCommand(Command):
    """查找计划中表述不清之处：哪一处含糊、该问部门什么。只是建议，不是错误。"""

    departments = DEPARTMENTS
    drafts = flag("--drafts", help="看草稿，不看已确认的计划。")
    strict = flag("--strict", help="有要问的地方时退出码为 1；默认总是 0。")
    format = FORMAT
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> int:
        from ledger.commands.lint import weak_spots
        from ledger.render.views.lint import lint_view

        ledger = context.ledger()
        names = context.departments_of(ledger, self.departments)
        year = (context.year or ledger.config.year) if self.drafts else context.year_of(ledger)
        findings = weak_spots(ledger, year, names, drafted=self.drafts)
        render(lint_view(findings), context.env, self.format)
        return ExitCode.FINDINGS if findings and self.strict else ExitCode.DONE
