"""`ledger rate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.cli.change import CommitmentChange
from ledger.cli.command import TEXT, argument
from ledger.cli.options import DRY_RUN_CHANGE, EFFECTIVE, FORMAT, REASON, REFERENCE, ROOT, YEAR

if TYPE_CHECKING:
    from ledger.commands.amend import ChangeRequest, EditContext


class RateCommand(CommitmentChange):
    """评定一项承诺的难度：必须写理由，原评定留在文件里。"""

    reference = REFERENCE
    difficulty = argument(
        TEXT, "难度", "评定难度，须是账本规则里定了系数的，如 一般、较难、难。", offers="difficulties"
    )
    effective = EFFECTIVE
    reason = REASON
    dry_run = DRY_RUN_CHANGE
    format = FORMAT
    year = YEAR
    root = ROOT

    def prepare(self, context: EditContext) -> ChangeRequest:
        from ledger.commands.rate import rate

        return rate(context, self.reference, self.difficulty, self.reason)
