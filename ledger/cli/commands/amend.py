"""`ledger amend`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.cli.change import CommitmentChange
from ledger.cli.command import TEXT, option, options
from ledger.cli.options import DRY_RUN_CHANGE, EFFECTIVE, FORMAT, REASON, REFERENCE, ROOT, YEAR

if TYPE_CHECKING:
    from ledger.commands.amend import ChangeRequest, EditContext


class AmendCommand(CommitmentChange):
    """改动一个目标：必须写理由，原值留在文件里，status 一直并列显示。"""

    reference = REFERENCE
    goal = option(
        TEXT, "--goal", metavar="目标值", help="新目标值，如 '≥8家'、'at_least 8 家'、前三、高于全省平均。"
    )
    stretch = options(TEXT, "--stretch", metavar="目标值", help="新的争取目标，由近及远；写多次为多档。")
    name = option(TEXT, "--name", metavar="名称", help="新名称。")
    due = option(TEXT, "--due", metavar="日期", help="新的应完成日期。")
    baseline = option(TEXT, "--baseline", metavar="数量", help="基期数，如 350亿元、第5位。")
    plan = options(
        TEXT,
        "--plan",
        metavar="日期=数量",
        help="分时段计划，如 2023-06-30=8亿美元；写多次为多个时点。",
    )
    weight = option(TEXT, "--weight", metavar="权重", help="在本事项内的权重。")
    unit = option(TEXT, "--unit", metavar="单位", help="比较类目标的单位。")
    effective = EFFECTIVE
    reason = REASON
    dry_run = DRY_RUN_CHANGE
    format = FORMAT
    year = YEAR
    root = ROOT

    def prepare(self, context: EditContext) -> ChangeRequest:
        from ledger.commands.amend import amend

        fields = {
            "name": self.name,
            "goal": self.goal,
            "stretch": self.stretch,
            "due": self.due,
            "baseline": self.baseline,
            "plan": self.plan,
            "weight": self.weight,
            "unit": self.unit,
        }
        given = {field: text for field, text in fields.items() if text}
        return amend(context, self.reference, given, self.reason)
