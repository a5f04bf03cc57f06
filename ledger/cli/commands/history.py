"""`ledger history`."""

from __future__ import annotations

from ledger.cli.command import MONTH, Command, option
from ledger.cli.context import AppContext
from ledger.cli.options import BOM, FILE_FORMAT, KNOWN, OUTPUT, REFERENCE, ROOT, YEAR
from ledger.render import Output, render_output


class HistoryCommand(Command):
    """看来历：每条记录、每次改动目标、评定、更正、作废、补报和销号，是谁、什么时候、在哪次提交写下的。"""

    reads_only = True

    reference = REFERENCE
    month = option(
        MONTH, "--month", metavar="月份", help="只看哪个月的数，以及那个月改动或起算的，如 2023-05。"
    )
    known = KNOWN
    format = FILE_FORMAT
    output = OUTPUT
    bom = BOM
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.commands.history import history_of
        from ledger.render.views.history import history_view

        ledger = context.ledger()
        history = history_of(ledger, context.year_of(ledger), self.reference, self.month)
        render_output(history_view(history), context.env, Output(self.format, self.output, self.bom))
        context.notify_shallow(logged.earlier for logged in history.entries)
