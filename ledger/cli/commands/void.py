"""`ledger void`."""

from __future__ import annotations

from ledger.cli.command import TEXT, Command, optional_argument
from ledger.cli.context import AppContext
from ledger.cli.options import DRY_RUN_CHANGE, ENTRY, FORMAT, LATE_CHANGE, MONTH_OF_ENTRY, REASON, ROOT, YEAR
from ledger.core.errors import UsageError
from ledger.render import render


class VoidCommand(Command):
    """作废一条记录：另记一行，原来的一行不动，从此不计。"""

    entry = ENTRY
    target = optional_argument(TEXT, "目标", "写部门的，这里写目标。", offers="targets")
    month = MONTH_OF_ENTRY
    reason = REASON
    late = LATE_CHANGE
    dry_run = DRY_RUN_CHANGE
    format = FORMAT
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.cli.entry_choice import choose_entry
        from ledger.commands.correct import write_correction
        from ledger.commands.log import Batch
        from ledger.commands.void import void
        from ledger.render.views.correct import correction_view
        from ledger.rules.reasons import require_reason

        reason = require_reason(self.reason, "作废")
        ledger = context.ledger()
        repo = context.repository(ledger, dry_run=self.dry_run)
        entry, rest = choose_entry(context, ledger, (self.entry, self.target, None), self.month)
        if rest is not None:
            raise UsageError(f"多出内容 {rest}：作废不写数量", f"ledger void {self.entry} --reason 理由")
        today = context.env.today
        batch = Batch.open(ledger, today, repo.identity(), repo)
        withdrawal = void(batch, entry, reason, late=self.late)
        if not self.dry_run:
            withdrawal = write_correction(ledger, withdrawal, today=today, repo=repo, notify=context.notify)
        with context.after_write(dry_run=self.dry_run):
            render(correction_view(withdrawal), context.env, self.format)
