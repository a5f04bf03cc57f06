"""`ledger correct`."""

from __future__ import annotations

from ledger.cli.command import DATE, TEXT, Command, option, optional_argument, switch
from ledger.cli.context import AppContext
from ledger.cli.options import (
    CONFIRM,
    DRY_RUN_CHANGE,
    ENTRY,
    EVIDENCE,
    FORMAT,
    LATE_CHANGE,
    MONTH_OF_ENTRY,
    REASON,
    ROOT,
    YEAR,
)
from ledger.render import render


class CorrectCommand(Command):
    """更正一条记录：另记一行，原来的一行不动；没写的照旧。

    \b
    例：
      ledger correct 金融办 新增上市公司 3家 --month 2023-05 --reason 漏报一家
      ledger correct 5A315K 3家 --reason 漏报一家
    """  # noqa: D301 - \b keeps the lines of the examples

    entry = ENTRY
    target = optional_argument(
        TEXT, "目标", "写部门的，这里写目标；写编号的，这里写正确的数量。", offers="targets"
    )
    amount = optional_argument(TEXT, "数量", "正确的数量；不写则不变。")
    month = MONTH_OF_ENTRY
    on = option(DATE, "--on", metavar="日期", help="正确的数据日期。")
    total = switch("--total", "--add", help="数量是累计数还是本期新增数；不写则照原来。")
    current = option(TEXT, "--current", metavar="数量", help="正确的本期数。")
    base = option(TEXT, "--base", metavar="数量", help="正确的上年同期数。")
    benchmark = option(TEXT, "--benchmark", metavar="数量", help="正确的参照值。")
    of = option(TEXT, "--of", metavar="个数", help="正确的参加排名个数。")
    note = option(TEXT, "--note", metavar="说明", help="新的说明。")
    evidence = EVIDENCE
    by = option(TEXT, "--by", metavar="姓名", help="更正人；默认为 git 里的姓名。")
    reason = REASON
    late = LATE_CHANGE
    confirm = CONFIRM
    dry_run = DRY_RUN_CHANGE
    format = FORMAT
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.cli.entry_choice import choose_entry
        from ledger.cli.prompt import confirm_doubts
        from ledger.commands.correct import CorrectionRequest, correct, write_correction
        from ledger.commands.log import Batch, collect_evidence
        from ledger.core.structs import replace
        from ledger.render.views.correct import correction_view
        from ledger.rules.reasons import require_reason

        reason = require_reason(self.reason, "更正")
        ledger = context.ledger()
        repo = context.repository(ledger, dry_run=self.dry_run)
        entry, amount = choose_entry(context, ledger, (self.entry, self.target, self.amount), self.month)
        evidence, files = collect_evidence(
            ledger, entry.source.commitment.year, self.evidence, context.env.cwd
        )
        figures = {"current": self.current, "base": self.base, "benchmark": self.benchmark, "of": self.of}
        changes = CorrectionRequest(
            amount=amount,
            figures={name: text for name, text in figures.items() if text is not None},
            on=self.on,
            basis=None if self.total is None else "total" if self.total else "add",
            note=self.note,
            evidence=evidence,
            by=self.by,
            late=self.late,
        )
        today, who = context.env.today, repo.identity()
        correction = confirm_doubts(
            context.env,
            lambda confirm: correct(
                Batch.open(ledger, today, who, repo), entry, replace(changes, confirm=confirm), reason
            ),
            confirm=self.confirm,
        )
        if not self.dry_run:
            correction = write_correction(
                ledger, correction, today=today, repo=repo, attachments=files, notify=context.notify
            )
        with context.after_write(dry_run=self.dry_run):
            render(correction_view(correction), context.env, self.format)
