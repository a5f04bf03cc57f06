"""`ledger correct`."""

from __future__ import annotations

from ledger.cli.command import DATE, TEXT, Command, option, optional_argument, switch
from ledger.cli.context import AppContext
from ledger.cli.options import (
    DRY_RUN_CHANGE,
    ENTRY,
    EVIDENCE,
    FORMAT,
    LATE_CHANGE,
    REASON,
    ROOT,
    YEAR,
)
from ledger.render import render


class Correct(Command):
    """更正一条记录：另记一行，原来的一行不动；没写的照旧。"""

    entry = ENTRY
    amount = optional_argument(TEXT, "数量", "正确的数量；不写则不变。")
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
    dry_run = DRY_RUN_CHANGE
    format = FORMAT
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.commands.correct import CorrectionRequest, correct, write
        from ledger.render.views.correct import correction_view

        ledger = context.ledger()
        figures = {"current": self.current, "base": self.base, "benchmark": self.benchmark, "of": self.of}
        changes = CorrectionRequest(
            amount=self.amount,
            figures={name: text for name, text in figures.items() if text is not None},
            on=self.on,
            running_total=self.total,
            note=self.note,
            evidence=self.evidence,
            by=self.by,
            late=self.late,
        )
        repo = context.repository(ledger, dry_run=self.dry_run)
        today, name = context.env.today, repo.identity().name
        year = context.year_of(ledger)
        correction = correct(ledger, year, self.entry, changes, self.reason, today=today, identity=name)
        if not self.dry_run:
            correction = write(ledger, correction, today=today, repo=repo, told=context.notify)
        render(correction_view(correction), context.env, self.format)
