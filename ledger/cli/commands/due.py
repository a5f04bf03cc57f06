"""`ledger due`."""

from __future__ import annotations

from ledger.cli.command import Command, flag
from ledger.cli.context import AppContext
from ledger.cli.options import BOM, DEPARTMENTS, FILE_FORMAT, KNOWN, MONTH_PAST, OUTPUT, ROOT, YEAR
from ledger.core.errors import ExitCode
from ledger.render import Output, render_output


class Due(Command):
    """看谁还没报：某月应报未报的目标、逾期天数和可直接复制的提醒。有未报时退出码为 1，便于定时任务使用。"""

    month = MONTH_PAST
    known = KNOWN
    departments = DEPARTMENTS
    why = flag("--why", help="逐个目标列出这个月要不要报、为什么。")
    format = FILE_FORMAT
    output = OUTPUT
    bom = BOM
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> int:
        from ledger.commands.due import due, last_month
        from ledger.render.views.due import due_view

        ledger, today = context.ledger(), context.env.today
        names = context.departments_of(ledger, self.departments)
        end = self.month or last_month(today)
        context.notify_differences(ledger, context.year_of(ledger, end.year), names)
        report = due(ledger, context.year_of(ledger, end.year), end, today, names)
        view = context.marked(due_view(report, why=self.why))
        render_output(view, context.env, Output(self.format, self.output, self.bom))
        return ExitCode.FINDINGS if report.count else ExitCode.DONE
