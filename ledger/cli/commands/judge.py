"""`ledger judge`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.cli.command import DATE, TEXT, Command, option, optional_argument
from ledger.cli.context import AppContext
from ledger.cli.options import DRY_RUN_CHANGE, EVIDENCE, FORMAT, LATE_REVIEW, REASON, REFERENCE, ROOT, YEAR
from ledger.core.errors import UsageError
from ledger.render import render

if TYPE_CHECKING:
    from ledger.files.ledger import Ledger


class JudgeCommand(Command):
    """督查评定一个定性目标：达到要有佐证，未达到要有理由。"""

    reference = REFERENCE
    verdict = optional_argument(
        TEXT,
        "评定",
        "达到 或 未达到；也可写 met、unmet。前面写部门、这里不写，就在终端上把待评定的逐个问一遍。",
        offers="verdicts",
    )
    evidence = EVIDENCE
    reason = REASON
    on = option(DATE, "--on", metavar="日期", help="评定日期；默认为今天。")
    late = LATE_REVIEW
    dry_run = DRY_RUN_CHANGE
    format = FORMAT
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> int | None:
        from ledger.commands import log
        from ledger.commands.judge import VerdictRequest, prepare_verdict
        from ledger.render.views.written import logged_view, preview_view

        ledger, today = context.ledger(), context.env.today
        if self.verdict is None:
            return self._ask_for_department(context, ledger)
        repo = context.repository(ledger, dry_run=self.dry_run)
        day = self.on or today
        year = context.plan_year(ledger, day, day) if self.on else context.year_of(ledger)
        evidence, files = log.collect_evidence(ledger, year, self.evidence, context.env.cwd)
        verdict = VerdictRequest(self.reference, self.verdict, evidence, self.reason, self.on, self.late)
        entry = prepare_verdict(ledger, year, verdict, today=today, who=repo.identity())
        if self.dry_run:
            render(preview_view(entry), context.env, self.format)
            return None
        logged = log.write_entries(
            ledger, [entry], today=today, repo=repo, attachments=files, notify=context.notify
        )
        with context.after_write():
            render(logged_view(logged), context.env, self.format)
        return None

    def _ask_for_department(self, context: AppContext, ledger: Ledger) -> int:
        """Ask for the verdicts of a department, one after the other.

        Raises:
            UsageError: when there is no terminal, or no department is named.
        """
        from ledger.cli.guided.session import GuidedSession
        from ledger.commands.log import EntryRequest
        from ledger.commands.sheet.export import blank_sheet
        from ledger.core.dates import month_end

        if not ledger.find_departments(self.reference) or not context.env.interactive:
            raise UsageError("缺少参数 评定", f"写成 ledger judge {self.reference} 达到 --evidence 文号")
        day = self.on or context.env.today
        end, today = month_end(day), context.env.today
        sheet = blank_sheet(
            ledger, context.plan_year(ledger, day, day), self.reference, end, today, reviewer=True
        )
        terms = EntryRequest(
            sheet.stamp.department,
            "",
            on=day,
            simulated=ledger.config.simulated,
            late=self.late,
            reason=self.reason,
        )
        repo = context.repository(ledger, dry_run=self.dry_run)
        return GuidedSession(context, ledger, repo, sheet, terms, dry_run=self.dry_run).run()
