"""`ledger history`."""

from __future__ import annotations

from ledger.cli.command import Command
from ledger.cli.context import AppContext
from ledger.cli.options import BOM, FILE_FORMAT, KNOWN, OUTPUT, REFERENCE, ROOT, YEAR
from ledger.render import Output, render_output


class History(Command):
    """看记录的来历：每条记录是谁、什么时候、在哪次提交写下的。"""

    reads_only = True

    reference = REFERENCE
    known = KNOWN
    format = FILE_FORMAT
    output = OUTPUT
    bom = BOM
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.commands.history import history_of
        from ledger.render.views.show import history_view

        ledger = context.ledger()
        source, entries = history_of(ledger, context.year_of(ledger), self.reference)
        view = history_view(source.commitment.id, source.commitment.title, entries)
        render_output(view, context.env, Output(self.format, self.output, self.bom))
        context.notify_shallow(entry.earlier for entry in entries)
