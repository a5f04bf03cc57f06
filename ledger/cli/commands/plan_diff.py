"""`ledger plan diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.cli.command import TEXT, Command, argument, flag
from ledger.cli.context import AppContext
from ledger.cli.options import DEPARTMENTS, FORMAT, ROOT
from ledger.core.errors import UsageError
from ledger.render import render

if TYPE_CHECKING:
    from ledger.files.ledger import Ledger


class PlanDiffCommand(Command):
    """比较两年的计划：目标提高、降低、取消、新增；单位不同的先精确换算。"""

    old = argument(TEXT, "旧计划", "年度，如 2023；或另一个账本的文件夹，可写成 文件夹@年度。")
    new = argument(TEXT, "新计划", "年度，或账本的文件夹。")
    departments = DEPARTMENTS
    all = flag("--all", help="不变的目标也列出。")
    format = FORMAT
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.commands.plan_diff import compare_plans
        from ledger.render.views.plan_diff import plan_diff_view

        (before, old_year), (after, new_year) = (_side(context, word) for word in (self.old, self.new))
        labels = (f"{old_year}年", f"{new_year}年") if old_year != new_year else ("旧", "新")

        def in_new(name: str) -> str:
            departments = after.find_departments(name)
            return departments[0].name if len(departments) == 1 else name

        names = context.departments_of(after, self.departments)
        difference = compare_plans(
            [
                source
                for source in before.load_plan(old_year)
                if names is None or in_new(source.commitment.department) in names
            ],
            after.load_plan(new_year, names),
            after.units,
            labels=labels,
            same_department=in_new,
        )
        render(plan_diff_view(difference, everything=self.all), context.env, self.format)


def _side(context: AppContext, word: str) -> tuple[Ledger, int]:
    """Return the ledger and the year that one side of a comparison means."""
    from ledger.files.ledger import Ledger

    if word.isdecimal() and len(word) == 4 and not (context.env.cwd / word / "data").is_dir():
        ledger, place, year = context.ledger(), "账本", word
    else:
        folder, _, year = word.rpartition("@") if "@" in word else (word, "", "")
        if year and not year.isdecimal():
            raise UsageError(f"“{word}”里的年度不是数字", "写成 文件夹@2023")
        ledger, place = Ledger.open(context.env.cwd / folder), f"{folder} "
    chosen = int(year) if year else ledger.config.year
    if chosen not in ledger.years:
        have = "、".join(map(str, ledger.years)) or "（没有）"
        raise UsageError(f"{place}里没有 {chosen} 年的计划", f"现有年度：{have}")
    return ledger, chosen
