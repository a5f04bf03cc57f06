"""`ledger verify`."""

from __future__ import annotations

from ledger.cli.command import MONTH, TEXT, argument, flag, option
from ledger.cli.context import AppContext
from ledger.cli.options import EVIDENCE, ReviewCommand
from ledger.render import render


class VerifyCommand(ReviewCommand):
    """核定上报的数：部门、事项或目标的，或一条记录；已退回的和有疑点的不随批核定。

    \b
    例：
      ledger verify 金融办 --month 2023-06
      ledger verify 金融办-03/listed --evidence 省证监局函〔2023〕15号
    """  # noqa: D301 - \b keeps the lines of the examples

    reference = argument(
        TEXT,
        "部门或编号",
        "部门、承诺事项（金融办-03）、目标（金融办-03/listed）或一条记录的编号。",
        offers="references",
    )
    month = option(
        MONTH, "--month", metavar="月份", help="只核定哪个月的数，如 2023-06；不写则到今天为止的都核定。"
    )
    evidence = EVIDENCE
    note = option(TEXT, "--note", metavar="文字", help="核定的说明。")
    confirm = flag("--confirm", help="有疑点的数也已核对无误，一并核定。")

    def run(self, context: AppContext) -> None:
        from ledger.commands.log import Batch, collect_evidence
        from ledger.commands.verify import VerifyRequest, verify, write_verification
        from ledger.render.views.verify import review_view

        ledger, today = context.ledger(), context.env.today
        year = context.year_of(ledger, self.month.year if self.month else None)
        evidence, files = collect_evidence(ledger, year, self.evidence, context.env.cwd)
        repo = context.repository(ledger, dry_run=self.dry_run)
        request = VerifyRequest(
            self.reference,
            self.month,
            evidence,
            self.note,
            late=self.late,
            reason=self.reason,
            confirm=self.confirm,
        )
        result = verify(ledger, year, Batch.open(ledger, today, repo.identity(), repo), request)
        if not self.dry_run:
            result = write_verification(
                ledger, result, today=today, repo=repo, attachments=files, notify=context.notify
            )
        with context.after_write(dry_run=self.dry_run):
            render(review_view(result), context.env, self.format)
