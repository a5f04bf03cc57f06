"""`ledger show`."""

from __future__ import annotations

from ledger.cli.context import AppContext
from ledger.cli.options import ReferenceCommand
from ledger.render import render


class ShowCommand(ReferenceCommand):
    """看一项承诺的全部：原文、目标、记录、还来不来得及。"""

    def run(self, context: AppContext) -> None:
        from ledger.commands.show import show
        from ledger.files.layout import folder_of
        from ledger.render.views.show import show_view

        ledger = context.ledger(self.as_of)
        query = context.query_one(ledger, self.as_of)
        detail = show(ledger, query.year, self.reference, query.as_of)
        context.notify_changed(ledger, detail.source.commitment)
        render(context.marked(show_view(detail)), context.env, self.format)
        context.notify_shallow(entry.earlier for entry in detail.entries)
        context.tell_known(query.year, [folder_of(detail.source.commitment.id)], query.as_of)
