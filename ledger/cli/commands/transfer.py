"""`ledger transfer`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.cli.change import DepartmentChange
from ledger.cli.command import TEXT, argument
from ledger.cli.options import DRY_RUN_CHANGE, FORMAT, REASON, ROOT, SINCE, YEAR

if TYPE_CHECKING:
    from ledger.commands.reorganise import ReorganisationRequest
    from ledger.core.models import Reorganisation
    from ledger.files.ledger import Ledger


class TransferCommand(DepartmentChange):
    """划转一项承诺：自某日起由另一部门负责；编号和文件不动，此前各月仍算原部门的。"""

    reference = argument(TEXT, "编号", "承诺事项，如 金融办-03。", offers="references")
    department = argument(TEXT, "部门", "划转给哪个部门。", offers="departments")
    on = SINCE
    reason = REASON
    dry_run = DRY_RUN_CHANGE
    format = FORMAT
    year = YEAR
    root = ROOT

    def prepare(self, ledger: Ledger, request: ReorganisationRequest) -> Reorganisation:
        from ledger.commands.reorganise import transfer

        return transfer(ledger, self.reference, self.department, request)
