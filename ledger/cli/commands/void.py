"""`ledger void`."""

from __future__ import annotations

from ledger.cli.command import Command
from ledger.cli.context import AppContext
from ledger.cli.options import DRY_RUN_CHANGE, ENTRY, FORMAT, LATE_CHANGE, REASON, ROOT, YEAR
from ledger.render import render


class Void(Command):
    """作废一条记录：另记一行，原来的一行不动，从此不计。"""

    entry = ENTRY
    reason = REASON
    late = LATE_CHANGE
    dry_run = DRY_RUN_CHANGE
    format = FORMAT
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.commands.correct import void, write
        from ledger.render.views.correct import correction_view

        ledger = context.ledger()
        repo = context.repository(ledger, dry_run=self.dry_run)
        today, name = context.env.today, repo.identity().name
        year = context.year_of(ledger)
        withdrawal = void(ledger, year, self.entry, self.reason, late=self.late, today=today, identity=name)
        if not self.dry_run:
            withdrawal = write(ledger, withdrawal, today=today, repo=repo, told=context.notify)
        render(correction_view(withdrawal), context.env, self.format)
