"""`ledger dept merge`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.cli.change import DepartmentChange
from ledger.cli.command import TEXT, arguments, required_option
from ledger.cli.options import DRY_RUN_CHANGE, FORMAT, REASON, ROOT, SINCE

if TYPE_CHECKING:
    from ledger.commands.reorganise import ReorganisationRequest
    from ledger.core.models import Reorganisation
    from ledger.files.ledger import Ledger


class DeptMergeCommand(DepartmentChange):
    """部门合并：几个部门合并组建新部门，或并入保留的部门，自某日起；文件夹和编号不动，原名一直可用。"""

    names = arguments(TEXT, "部门…", "要合并的部门，可写多个。")
    into = required_option(
        TEXT, "--into", metavar="部门", help="合并后的部门：新名称，或保留的部门。", offers="departments"
    )
    on = SINCE
    reason = REASON
    dry_run = DRY_RUN_CHANGE
    format = FORMAT
    root = ROOT

    def prepare(self, ledger: Ledger, request: ReorganisationRequest) -> Reorganisation:
        from ledger.commands.reorganise import merge

        return merge(ledger, self.names, self.into, request)
