"""`ledger sheet export`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.cli.command import PATH, TEXT, Command, flag, option
from ledger.cli.context import AppContext
from ledger.cli.options import DRY_RUN, MONTH_PAST, ROOT, YEAR
from ledger.core.errors import UsageError
from ledger.render import render

if TYPE_CHECKING:
    from ledger.commands.sheet.export import BlankSheet


class SheetExportCommand(Command):
    """导出填报表：某部门某月的 Excel 表，一行一个目标，上次的数和进度已写好，只填黄色的格子。

    \b
    例：
      ledger sheet export --dept 国资委 --month 2023-06
      ledger sheet export --dept 国资委 --month 2023-06 -o 六月.xlsx
      ledger sheet export --all --month 2023-06
    """  # noqa: D301 - \b keeps the lines of the examples

    department = option(TEXT, "--dept", metavar="部门", help="哪个部门。", offers="departments")
    all = flag("--all", help="全部部门，各一张；-o 写放在哪个文件夹。")
    month = MONTH_PAST
    output = option(PATH, "-o", "--out", metavar="文件", help="写到哪个 .xlsx 文件；默认为 部门-月份.xlsx。")
    force = flag("--force", help="文件已经有了也重写；里面填过的数会丢失。")
    dry_run = DRY_RUN
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.commands.due import last_month
        from ledger.commands.sheet.export import blank_sheet
        from ledger.render.views.sheet import exported_all_view, exported_view

        if (self.department is None) != self.all:
            raise UsageError("--dept 和 --all 写且只写一个", "--dept 部门 导出一张；--all 导出全部部门的")
        ledger, today = context.ledger().reading_once(), context.env.today
        end = self.month or last_month(today)
        year = context.plan_year(ledger, end.replace(day=1), end)
        if self.department is not None:
            sheet = blank_sheet(ledger, year, self.department, end, today)
            output = self.output or Path(f"{sheet.stamp.department}-{end:%Y-%m}.xlsx")
            self._write(context, [(sheet, output)])
            render(exported_view(sheet, output, dry_run=self.dry_run), context.env)
            return
        folder = self.output or Path(f"填报表-{end:%Y-%m}")
        sheets = [blank_sheet(ledger, year, department.name, end, today) for department in ledger.departments]
        outputs = [
            (sheet, folder / f"{sheet.stamp.department}-{end:%Y-%m}.xlsx") for sheet in sheets if sheet.lines
        ]
        if not self.dry_run:
            (context.env.cwd / folder).mkdir(parents=True, exist_ok=True)
        self._write(context, outputs)
        render(exported_all_view(outputs, dry_run=self.dry_run), context.env)

    def _write(self, context: AppContext, outputs: Sequence[tuple[BlankSheet, Path]]) -> None:
        """Write sheets to files; none where one of them exists already."""
        from ledger.render.outfile import write_file
        from ledger.render.xlsx import sheet_bytes

        for _, output in outputs:
            path = context.env.cwd / output
            if path.suffix.lower() != ".xlsx":
                raise UsageError(f"{path.name} 不是 .xlsx 文件名", "如 -o 国资委-2023-06.xlsx")
            if path.exists() and not self.force:
                raise UsageError(
                    f"{path.name} 已经有了，里面也许填过数", "换一个文件名：-o 另名.xlsx；不要了就加 --force"
                )
        for sheet, output in outputs:
            write_file(context.env.cwd / output, sheet_bytes(sheet), dry_run=self.dry_run)
