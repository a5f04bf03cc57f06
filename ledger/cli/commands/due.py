"""`ledger due`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ledger.cli.command import PATH, Command, flag, option
from ledger.cli.context import AppContext
from ledger.cli.options import BOM, DEPARTMENTS, DRY_RUN, FILE_FORMAT, KNOWN, MONTH_PAST, OUTPUT, ROOT, YEAR
from ledger.core.errors import ExitCode
from ledger.render import Output, render, render_output

if TYPE_CHECKING:
    from ledger.commands.due import DueReport


class DueCommand(Command):
    """看谁未报送：某月应报未报的目标、逾期天数和给各部门的函。有未报送或退回未更正时退出码为 1，便于定时任务使用。"""

    reads_only = True

    month = MONTH_PAST
    known = KNOWN
    departments = DEPARTMENTS
    letters = flag(
        "--letters", help="也列出给各部门的函：期限以前是提醒，过期是催报；写了 --dept 的总是列出。"
    )
    letters_to = option(PATH, "--letters-to", metavar="文件夹", help="把给各部门的函各写成一个文件，供发送。")
    dry_run = DRY_RUN
    why = flag("--why", help="逐个目标列出本月应报与否及事由。")
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
        year = context.plan_year(ledger, end.replace(day=1), end, names)
        context.notify_differences(ledger, year, names)
        report = due(ledger, year, end, today, names)
        if self.letters_to is not None:
            self._write_letters(context, report, context.env.cwd / self.letters_to)
        else:
            view = due_view(report, why=self.why, with_letters=self.letters or bool(self.departments))
            render_output(context.marked(view), context.env, Output(self.format, self.output, self.bom))
        return ExitCode.FINDINGS if report.count or report.returned else ExitCode.DONE

    def _write_letters(self, context: AppContext, report: DueReport, folder: Path) -> None:
        from ledger.render.outfile import write_files
        from ledger.render.views.due import letters, letters_view

        texts = {f"{name}.txt": text.encode("utf-8-sig") for name, text in letters(report).items()}
        write_files(folder, texts, dry_run=self.dry_run)
        render(letters_view(folder, tuple(texts), dry_run=self.dry_run), context.env)
