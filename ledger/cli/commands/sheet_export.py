"""`ledger sheet export`."""

from __future__ import annotations

from pathlib import Path

from ledger.cli.command import PATH, TEXT, Command, flag, option, required_option
from ledger.cli.context import AppContext
from ledger.cli.options import DRY_RUN, MONTH_PAST, ROOT, YEAR
from ledger.core.errors import UsageError
from ledger.render import render


class SheetExport(Command):
    """导出填报表：某部门某月的 Excel 表，一行一个目标，上次的数和进度已写好，只填黄色的格子。

    \b
    例：
      ledger sheet export --dept 国资委 --month 2023-06
      ledger sheet export --dept 国资委 --month 2023-06 -o 六月.xlsx
    """  # noqa: D301 - \b keeps the lines of the examples

    department = required_option(TEXT, "--dept", metavar="部门", help="哪个部门。", offers="departments")
    month = MONTH_PAST
    output = option(PATH, "-o", "--out", metavar="文件", help="写到哪个 .xlsx 文件；默认为 部门-月份.xlsx。")
    force = flag("--force", help="文件已经有了也重写；里面填过的数会丢失。")
    dry_run = DRY_RUN
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.commands.due import last_month
        from ledger.commands.sheet.export import blank_sheet
        from ledger.render.outfile import write_file
        from ledger.render.views.sheet import exported_view
        from ledger.render.xlsx import sheet_bytes

        ledger, today = context.ledger(), context.env.today
        end = self.month or last_month(today)
        sheet = blank_sheet(
            ledger, context.plan_year(ledger, end.replace(day=1), end), self.department, end, today
        )
        output = self.output or Path(f"{sheet.stamp.department}-{end:%Y-%m}.xlsx")
        path = context.env.cwd / output
        if path.suffix.lower() != ".xlsx":
            raise UsageError(f"{path.name} 不是 .xlsx 文件名", "如 -o 国资委-2023-06.xlsx")
        if path.exists() and not self.force:
            raise UsageError(
                f"{path.name} 已经有了，里面也许填过数", "换一个文件名：-o 另名.xlsx；不要了就加 --force"
            )
        write_file(path, sheet_bytes(sheet), dry_run=self.dry_run)
        render(exported_view(sheet, output, dry_run=self.dry_run), context.env)
