"""`ledger why`."""

from __future__ import annotations

from ledger.cli.command import TEXT, argument
from ledger.cli.context import AppContext
from ledger.cli.options import ReferenceCommand
from ledger.render import render


class WhyCommand(ReferenceCommand):
    """看一个数怎么来的：原文、记录、算式逐步列出，用计算器可以复算。"""

    reference = argument(
        TEXT, "编号", "目标（金融办-03/listed）、承诺事项（金融办-03）或部门。", offers="references"
    )

    def run(self, context: AppContext) -> None:
        from ledger.commands.why import explain
        from ledger.files.layout import folder_of
        from ledger.render.views.why import why_view

        ledger = context.ledger(self.as_of)
        query = context.query(ledger, self.as_of)
        explanation = explain(ledger, query.year, self.reference, query.as_of)
        render(context.marked(why_view(explanation)), context.env, self.format)
        names = {folder_of(explained.commitment.id) for explained in explanation.commitments}
        context.tell_known(query.year, names, query.as_of)
