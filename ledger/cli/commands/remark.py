"""`ledger remark`."""

from __future__ import annotations

from ledger.cli.command import DEADLINE, MONTH, TEXT, argument, option
from ledger.cli.context import AppContext
from ledger.cli.options import REPORTED_BY, ReviewCommand
from ledger.render import render


class RemarkCommand(ReviewCommand):
    """写一个目标落后的原因、措施、责任人和时限；再写一次，以后写的为准。

    \b
    例：
      ledger remark 金融办 新增上市公司 --cause 两家企业退回补正 --measure 重新申报 --owner 李四 --until 2023-09-30
    """  # noqa: D301 - \b keeps the lines of the examples

    department = argument(TEXT, "部门", "部门名称或别名。", offers="departments")
    target = argument(TEXT, "目标", "目标代号、编号/代号、名称，或名称中不会混淆的一段。", offers="targets")
    cause = option(TEXT, "--cause", metavar="原因", help="落后的原因。")
    measure = option(TEXT, "--measure", metavar="措施", help="改进的措施。")
    owner = option(TEXT, "--owner", metavar="责任人", help="措施的责任人。")
    until = option(DEADLINE, "--until", metavar="时限", help="措施的完成时限；过了这一天仍落后的，列为逾期。")
    month = option(
        MONTH,
        "--month",
        metavar="月份",
        help="说的是哪个月的进度，如 2023-06；默认为最近一个已过完、没有封账的月。",
    )
    by = REPORTED_BY

    def run(self, context: AppContext) -> None:
        from ledger.commands.log import Batch
        from ledger.commands.remark import RemarkRequest, find_target, prepare_remark, write_remark
        from ledger.render.views.verify import remark_view

        ledger, today = context.ledger(), context.env.today
        repo = context.repository(ledger, dry_run=self.dry_run)
        year = context.year_of(ledger, self.month.year if self.month else None)
        target_ref = find_target(ledger, year, self.department, self.target)
        request = RemarkRequest(
            self.cause,
            self.measure,
            self.owner,
            self.until,
            on=min(self.month, today) if self.month else None,
            by=self.by,
            late=self.late,
            reason=self.reason,
        )
        pending = prepare_remark(Batch.open(ledger, today, repo.identity(), repo), target_ref, request)
        commit = None
        if not self.dry_run:
            result = write_remark(ledger, pending, today=today, repo=repo, notify=context.notify)
            (pending,), commit = result.pending, result.commit
        with context.after_write(dry_run=self.dry_run):
            render(remark_view(pending, commit), context.env, self.format)
