"""`ledger judge`."""

from __future__ import annotations

from ledger.cli.command import DATE, TEXT, Command, argument, option
from ledger.cli.context import AppContext
from ledger.cli.options import DRY_RUN_CHANGE, EVIDENCE, FORMAT, REASON, REFERENCE, ROOT, YEAR
from ledger.render import render


class Judge(Command):
    """督查评定一个定性目标：达到要有佐证，未达到要有理由。"""

    reference = REFERENCE
    verdict = argument(TEXT, "评定", "达到 或 未达到；也可写 met、unmet。", offers="verdicts")
    evidence = EVIDENCE
    reason = REASON
    on = option(DATE, "--on", metavar="日期", help="评定日期；默认为今天。")
    dry_run = DRY_RUN_CHANGE
    format = FORMAT
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.commands import log
        from ledger.commands.judge import VerdictRequest, prepare
        from ledger.render.views.written import logged_view, preview_view

        ledger, today = context.ledger(), context.env.today
        repo = context.repository(ledger, dry_run=self.dry_run)
        evidence, files = log.collect_evidence(
            ledger, context.year_of(ledger), self.evidence, context.env.cwd
        )
        verdict = VerdictRequest(self.reference, self.verdict, evidence, self.reason, self.on)
        entry = prepare(ledger, context.year_of(ledger), verdict, today=today, who=repo.identity())
        if self.dry_run:
            render(preview_view(entry), context.env, self.format)
            return
        logged = log.write(ledger, [entry], today=today, repo=repo, attachments=files, notify=context.notify)
        render(logged_view(logged), context.env, self.format)
