"""`ledger close`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.cli.change import CommitmentChange
from ledger.cli.command import flag
from ledger.cli.context import AppContext
from ledger.cli.options import DRY_RUN_CHANGE, EVIDENCE, FORMAT, REASON, REFERENCE, ROOT, YEAR

if TYPE_CHECKING:
    from ledger.commands.amend import ChangeRequest
    from ledger.files.ledger import Ledger
    from ledger.git import Identity


class CloseCommand(CommitmentChange):
    """销号：已达标的凭佐证，没有达标的还要写理由；不影响完成率和亮灯。"""

    reference = REFERENCE
    evidence = EVIDENCE
    reason = REASON
    reopen = flag("--reopen", help="撤销销号，要写理由。")
    dry_run = DRY_RUN_CHANGE
    format = FORMAT
    year = YEAR
    root = ROOT

    def prepare(self, context: AppContext, ledger: Ledger, who: Identity) -> ChangeRequest:
        from dataclasses import replace

        from ledger.commands.close import close, reopen
        from ledger.commands.log import collect_evidence

        year, today = context.year_of(ledger), context.env.today
        if self.reopen:
            return reopen(ledger, year, self.reference, self.reason, today=today, who=who)
        evidence, files = collect_evidence(ledger, year, self.evidence, context.env.cwd)
        request = close(ledger, year, self.reference, evidence, self.reason, today=today, who=who)
        return replace(request, attachments=files)
