"""`ledger targets`."""

from __future__ import annotations

from ledger.cli.command import TEXT, Command, optional_argument
from ledger.cli.context import AppContext
from ledger.cli.options import DEPARTMENTS, FORMAT, KNOWN, ROOT, YEAR
from ledger.render import render


class TargetsCommand(Command):
    """按词查找目标。"""

    reads_only = True

    word = optional_argument(TEXT, "词", "目标名称、原文或承诺事项里的词；不写则列出全部。")
    departments = DEPARTMENTS
    known = KNOWN
    format = FORMAT
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.files import lookup
        from ledger.render.views.targets import targets_view

        ledger = context.ledger()
        names = context.departments_of(ledger, self.departments)
        plan = ledger.load_plan(context.year_of(ledger), names)
        word = self.word or ""
        render(targets_view(lookup.search(plan, word), word), context.env, self.format)
