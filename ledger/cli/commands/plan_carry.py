"""`ledger plan carry`."""

from __future__ import annotations

from ledger.cli.command import INTEGER, Command, argument, flag
from ledger.cli.context import AppContext
from ledger.cli.options import DEPARTMENTS, DRY_RUN, FORMAT, ROOT
from ledger.core.errors import UsageError
from ledger.render import render


class PlanCarryCommand(Command):
    """结转：把上年的结果作为新一年同一目标的基期数，写明取自哪条记录；先列出来核对，加 --confirm 才写入。"""

    old = argument(INTEGER, "旧年度", "如 2023。")
    new = argument(INTEGER, "新年度", "如 2024。")
    departments = DEPARTMENTS
    confirm = flag("--confirm", help="已核对，写入。")
    dry_run = DRY_RUN
    format = FORMAT
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.commands.amend import EditContext
        from ledger.commands.plan_carry import carry_over, find_carries
        from ledger.render.views.plan_carry import carry_view

        ledger = context.ledger()
        for year in (self.old, self.new):
            if year not in ledger.years:
                have = "、".join(map(str, ledger.years)) or "（没有）"
                raise UsageError(f"账本里没有 {year} 年的计划", f"现有年度：{have}")
        if self.old >= self.new:
            years = f"{self.new} {self.old}" if self.old > self.new else f"{self.new - 1} {self.new}"
            raise UsageError(f"{self.old} 年不在 {self.new} 年之前", f"ledger plan carry {years}")
        writing = self.confirm and not self.dry_run
        repo = context.repository(ledger, dry_run=not writing)
        carries = carry_over(
            EditContext(ledger, self.new, context.env.today, repo.identity()),
            find_carries(ledger, self.old, self.new, context.departments_of(ledger, self.departments)),
            repo=repo if writing else None,
            notify=context.notify,
        )
        with context.after_write(dry_run=not writing):
            view = carry_view(carries, years=(self.old, self.new), written=writing, dry_run=self.dry_run)
            render(view, context.env, self.format)
