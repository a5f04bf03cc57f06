"""`ledger close`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.cli.change import CommitmentChange
from ledger.cli.command import flag
from ledger.cli.options import DRY_RUN_CHANGE, EVIDENCE, FORMAT, REASON, REFERENCE, ROOT, YEAR

if TYPE_CHECKING:
    from ledger.commands.amend import ChangeRequest, EditContext


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

    def prepare(self, context: EditContext) -> ChangeRequest:
        from dataclasses import replace

        from ledger.commands.close import close, reopen
        from ledger.commands.log import collect_evidence

        if self.reopen:
            return reopen(context, self.reference, self.reason)
        evidence, files = collect_evidence(context.ledger, context.year, self.evidence, context.cwd)
        request = close(context, self.reference, evidence, self.reason)
        return replace(request, attachments=files)
