"""`ledger plot`."""

from __future__ import annotations

from ledger.cli.context import AppContext
from ledger.cli.options import ReferenceCommand
from ledger.render import render


class PlotCommand(ReferenceCommand):
    """画进度图：每个目标的实际数、序时进度和目标值，下面列出准确的数。"""

    def run(self, context: AppContext) -> None:
        from ledger.commands.plot import plot
        from ledger.files.layout import folder_of
        from ledger.render import columns_of
        from ledger.render.views.plot import plot_view

        ledger = context.ledger(self.as_of)
        query = context.query_one(ledger, self.as_of)
        drawn = plot(ledger, query.year, self.reference, query.as_of)
        context.notify_changed(ledger, drawn.commitment)
        render(context.marked(plot_view(drawn, columns_of(context.env))), context.env, self.format)
        context.tell_known(query.year, [folder_of(drawn.commitment.id)], query.as_of)
