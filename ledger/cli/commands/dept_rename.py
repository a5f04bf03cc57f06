"""`ledger dept rename`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.cli.change import DepartmentChange
from ledger.cli.command import TEXT, argument
from ledger.cli.options import DRY_RUN_CHANGE, FORMAT, REASON, ROOT, SINCE

if TYPE_CHECKING:
    from ledger.commands.reorganise import ReorganisationRequest
    from ledger.core.models import Reorganisation
    from ledger.files.ledger import Ledger


class DeptRenameCommand(DepartmentChange):
    """部门更名：自某日起用新名，此前各月仍是原名；文件夹和编号不动，原名一直可用。"""

    old = argument(TEXT, "原名", "部门现在的名称或别名。", offers="departments")
    new = argument(TEXT, "新名", "新的名称。")
    on = SINCE
    reason = REASON
    dry_run = DRY_RUN_CHANGE
    format = FORMAT
    root = ROOT

    def prepare(self, ledger: Ledger, request: ReorganisationRequest) -> Reorganisation:
        from ledger.commands.reorganise import rename

        return rename(ledger, self.old, self.new, request)
