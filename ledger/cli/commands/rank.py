"""`ledger rank`."""

from __future__ import annotations

from ledger.cli.command import Command, flag
from ledger.cli.context import AppContext
from ledger.cli.options import AS_OF, BOM, FILE_FORMAT, KNOWN, OUTPUT, ROOT, YEAR
from ledger.render import Output, render_output


class RankCommand(Command):
    """给各部门按得分排名，计难度与不计难度并列。"""

    reads_only = True

    as_of = AS_OF
    known = KNOWN
    all = flag("--all", help="也列出每个事项的得分。")
    rules = flag("--rules", help="各种成文办法（贵阳、银川、三亚等）的位次并列，列出次序在哪里颠倒、为什么。")
    format = FILE_FORMAT
    output = OUTPUT
    bom = BOM
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.commands.rank import rank
        from ledger.render.views.score import ranking_view

        ledger = context.ledger(self.as_of)
        query = context.query(ledger, self.as_of)
        if self.rules:
            from ledger.commands.rank_rules import compare_rules
            from ledger.render.views.rank_rules import rules_view

            view = context.marked(rules_view(compare_rules(ledger, query)))
        else:
            view = context.marked(ranking_view(rank(ledger, query), detail=self.all))
        render_output(view, context.env, Output(self.format, self.output, self.bom))
        context.tell_known_of(ledger, query)
