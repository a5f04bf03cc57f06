"""`ledger plan import`."""

from __future__ import annotations

from ledger.cli.command import TEXT, Command, argument, flag, option
from ledger.cli.context import AppContext
from ledger.cli.options import DRY_RUN, FORMAT, ROOT, YEAR
from ledger.core.errors import UsageError
from ledger.render import render


class PlanImportCommand(Command):
    """从计划原件建一年的计划：读出目标写成草稿，部门名单由原件提出，再逐项确认。"""

    source = argument(TEXT, "文件", "计划原件：Word、WPS、Excel、OFD、PDF、CSV 或文本。")
    city = option(TEXT, "--city", metavar="市县", help="账本属于哪个市、县，如 安吉县。")
    department = option(TEXT, "--department", metavar="部门", help="原件没有责任单位时，全部归哪个部门。")
    add_departments = flag("--add-departments", help="原件里的新部门加入已有的部门名单。")
    columns = option(
        TEXT,
        "--columns",
        metavar="列",
        help="表里各列是什么，如 指标=2,单位=3,目标=5,部门=6,时限=7（从 1 数起）；同样表头的表以后照此读，自动 忘掉它。",
    )
    hidden = flag("--hidden", help="隐藏的行、列和工作表也读。")
    dry_run = DRY_RUN
    format = FORMAT
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.cli.commands.draft import read_material
        from ledger.commands.plan_import import apply_import, prepare_import, year_of
        from ledger.render.views.draft import plan_imported_view
        from ledger.render.waiting import waiting

        ledger = context.ledger()
        material = read_material(context, self.source, columns=self.columns, hidden=self.hidden)
        if isinstance(material, str):
            raise UsageError(f"没有文件 {self.source}", "检查文件名和所在的文件夹")
        year = context.year or year_of(material) or ledger.config.year
        with waiting(context.env, "正在读计划"):
            imported = prepare_import(
                ledger,
                year,
                material,
                department=(self.department or "").strip(),
                add_departments=self.add_departments,
            )
        if not self.dry_run:
            apply_import(ledger, year, imported, city=(self.city or "").strip())
        with context.after_write(dry_run=self.dry_run):
            render(plan_imported_view(imported, dry_run=self.dry_run), context.env, self.format)
