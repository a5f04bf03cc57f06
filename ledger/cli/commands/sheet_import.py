"""`ledger sheet import`."""

from __future__ import annotations

from pathlib import Path

from ledger.cli.command import MONTH, PATH, TEXT, Command, argument, option
from ledger.cli.context import AppContext
from ledger.cli.options import (
    CONFIRM,
    DRY_RUN_RECORD,
    FORMAT,
    LATE_REPORT,
    REASON_LATE,
    REPORTED_BY,
    ROOT,
    YEAR,
    require_late_with_reason,
)
from ledger.core.errors import UsageError
from ledger.render import render


class SheetImportCommand(Command):
    """导入填好的表：逐格核对，全对才写，成一次提交；同一份导入两次只记一次。

    有一格不对，就一笔也不记，把每一格都指出来。已经记过的自动跳过。

    \b
    例：
      ledger sheet import 国资委-2023-06.xlsx --dry-run
      ledger sheet import 国资委-2023-06.xlsx
      ledger sheet import 填报表-2023-06
      ledger sheet import 自制的表.csv --dept 国资委 --month 2023-06
    """  # noqa: D301 - \b keeps the lines of the examples

    file = argument(
        PATH,
        "文件",
        "填好的 .xlsx；也可以是 .csv、自制的表，或放着各部门填报表的文件夹：一起记，成一次提交。",
    )
    dry_run = DRY_RUN_RECORD
    department = option(
        TEXT, "--dept", metavar="部门", help="哪个部门；导出的表不用写。", offers="departments"
    )
    month = option(MONTH, "--month", metavar="月份", help="哪个月，如 2023-06；导出的表不用写。")
    by = REPORTED_BY
    late = LATE_REPORT
    reason = REASON_LATE
    confirm = CONFIRM
    format = FORMAT
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.commands.sheet.import_sheet import ImportOptions, import_sheets
        from ledger.documents.form import read_form
        from ledger.render.views.sheet import import_result_view, sheets_imported_view

        require_late_with_reason(self.late, self.reason)
        ledger, today = context.ledger(), context.env.today
        options = ImportOptions(
            self.department, self.month, context.year, self.by, self.late, self.reason, self.confirm
        )
        path = context.env.cwd / self.file
        forms = [read_form(file) for file in _sheets_in(path)]
        repo = context.repository(ledger, dry_run=self.dry_run)
        results = import_sheets(
            ledger, forms, options, today=today, repo=repo, dry_run=self.dry_run, notify=context.notify
        )
        with context.after_write(dry_run=self.dry_run):
            view = sheets_imported_view(results) if path.is_dir() else import_result_view(results[0])
            render(view, context.env, self.format)


def _sheets_in(path: Path) -> list[Path]:
    """Return the file, or the .xlsx files of a folder without those that an open office program leaves beside them.

    Raises:
        UsageError: when the folder has none.
    """
    if not path.is_dir():
        return [path]
    sheets = sorted(file for file in path.glob("*.xlsx") if not file.name.startswith(("~$", ".~")))
    if not sheets:
        raise UsageError(f"{path.name} 里没有 .xlsx 文件", "ledger sheet export --all 导出各部门的填报表")
    return sheets
