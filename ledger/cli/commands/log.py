"""`ledger log`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ledger.cli.command import (
    DATE,
    MONTH,
    TEXT,
    Command,
    argument,
    flag,
    option,
    optional_argument,
    options,
    switch,
)
from ledger.cli.context import AppContext
from ledger.cli.options import (
    CONFIRM,
    DRY_RUN_RECORD,
    FORMAT,
    LATE_REPORT,
    REPORTED_BY,
    ROOT,
    UNAVAILABLE,
    YEAR,
    require_late_with_reason,
)
from ledger.core.errors import UsageError
from ledger.render import render

if TYPE_CHECKING:
    from ledger.files.ledger import Ledger


class LogCommand(Command):
    """记一笔进度：追加一行记录，成一次提交；不写目标，就在终端上把部门的目标逐个问一遍。"""

    department = argument(TEXT, "部门", "部门名称或别名。", offers="departments")
    target = optional_argument(
        TEXT,
        "目标",
        "目标代号、编号/代号、名称，或名称中不会混淆的一段；不写就在终端上逐个问。",
        offers="targets",
    )
    amount = optional_argument(
        TEXT, "数量", "带单位的数量，如 2家、3.5亿元；位次写 第3位；节点写 完成。", offers="amounts"
    )
    on = option(DATE, "--on", metavar="日期", help="数据所属日期；默认为上月最后一天，过了报送期限为今天。")
    total = switch(
        "--total", "--add", help="数量是年初至今的累计数，还是本期新增数；不写则照这个目标上次报的。"
    )
    current = option(TEXT, "--current", metavar="数量", help="本期数，与 --base 同用。")
    base = option(TEXT, "--base", metavar="数量", help="上年同期数，与 --current 同用。")
    benchmark = option(TEXT, "--benchmark", metavar="数量", help="参照值，如全省平均。")
    of = option(TEXT, "--of", metavar="个数", help="参加排名的个数。")
    note = option(TEXT, "--note", metavar="文字", help="说明。")
    evidence = options(TEXT, "--evidence", metavar="文字", help="佐证：文号、网址或文件；可写多次。")
    by = REPORTED_BY
    late = LATE_REPORT
    reason = option(TEXT, "--reason", metavar="文字", help="补报的理由，或无法统计的原因。")
    none = flag("--none", help="本期无法统计，没有数；要写 --reason。")
    confirm = CONFIRM
    month = option(
        MONTH, "--month", metavar="月份", help="逐个问时报哪个月，如 2023-06；默认为最近一个已过完的月。"
    )
    batch = flag("--batch", help="逐个问时，全部答完一次提交。")
    dry_run = DRY_RUN_RECORD
    format = FORMAT
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> int | None:
        if self.amount == UNAVAILABLE:
            self.amount, self.none = None, True
        if not self.none:
            require_late_with_reason(self.late, self.reason)
        if self.target is None:
            return self._ask_for_month(context)
        if self.batch or self.month:
            raise UsageError(
                "--batch 和 --month 只在逐个问时用", f"ledger log {self.department}；报一笔用 --on 写日期"
            )
        self._record(context, self.target)
        return None

    @property
    def _figures(self) -> dict[str, str]:
        """The figures given beside the amount."""
        figures = {
            "current": self.current,
            "base": self.base,
            "benchmark": self.benchmark,
            "of": self.of,
        }
        return {name: text for name, text in figures.items() if text is not None}

    def _record(self, context: AppContext, target: str) -> None:
        from ledger.files.worktree import read_head_files
        from ledger.git import Repo
        from ledger.git.ahead import Ahead

        folder = context.folder()
        opened = Ahead(lambda: Repo.open(folder).identified())
        head_files = Ahead(lambda: read_head_files(folder))
        from ledger.cli.prompt import confirm_doubts
        from ledger.commands.log import EntryRequest, collect_evidence, prepare_entry, write_entries
        from ledger.core.structs import replace
        from ledger.render.views.written import logged_view, preview_view

        ledger = context.ledger().reading_once(head_files.result)
        year = context.year_of(ledger)
        evidence, files = collect_evidence(ledger, year, self.evidence, context.env.cwd)
        report = EntryRequest(
            department=self.department,
            target=target,
            amount=self.amount,
            figures=self._figures,
            on=self.on,
            basis=None if self.total is None else "total" if self.total else "add",
            by=self.by,
            note=self.note,
            evidence=evidence,
            simulated=ledger.config.simulated,
            late=self.late,
            reason=self.reason,
            unavailable=self.none,
        )
        context.repository(ledger, dry_run=self.dry_run)
        repo = opened.result()
        today, who = context.env.today, repo.identity()
        year = self._plan_year(context, ledger)
        entry = confirm_doubts(
            context.env,
            lambda confirm: prepare_entry(
                ledger, year, replace(report, confirm=confirm), today=today, who=who
            ),
            confirm=self.confirm,
        )
        default_day = self.on is None and entry.entry.on < today
        if self.dry_run:
            render(preview_view(entry, default_day=default_day), context.env, self.format)
            return
        logged = write_entries(
            ledger, [entry], today=today, repo=repo, attachments=files, notify=context.notify
        )
        with context.after_write():
            render(logged_view(logged, default_day=default_day), context.env, self.format)

    def _plan_year(self, context: AppContext, ledger: Ledger) -> int:
        """Return the year of the plan that the day of the figure belongs to; say so where it is not the current one.

        Without a day, and up to the day by which a month is reported, it is the month that is over.
        """
        from ledger.files import lookup

        today = context.env.today
        last_month = today.replace(day=1) - timedelta(days=1)
        day = self.on or (last_month if today.day <= ledger.config.due_day else today)

        department = lookup.department(ledger, self.department).name
        current = ledger.config.year
        year = context.year or lookup.find_plan_year(ledger, day, day, {department}) or current
        if year != current and not context.year:
            context.notify(f"{day} 属于 {year} 年的计划，记在那一年（当前年度是 {current} 年）")
        return context.year_of(ledger, year)

    def _ask_for_month(self, context: AppContext) -> int:
        """Ask for the figures of a department's month, target by target.

        Raises:
            UsageError: when there is no terminal, two months are named, or a figure is given already.
        """
        from ledger.cli.guided.session import GuidedSession
        from ledger.commands.due import last_month
        from ledger.commands.log import EntryRequest, collect_evidence
        from ledger.commands.sheet.export import blank_sheet
        from ledger.core.dates import month_end

        if self.total is not None or self._figures or self.none:
            raise UsageError("逐个问的时候，数在问到时再写", f"ledger log {self.department}")
        if not context.env.interactive:
            raise UsageError(
                "缺少参数 目标", f"写成 ledger log {self.department} 目标 数量；只有在终端上才逐个问"
            )
        today = context.env.today
        end = self.month or (month_end(self.on) if self.on else last_month(today))
        if self.on and month_end(self.on) != end:
            raise UsageError(f"--on {self.on} 不在 --month {end:%Y-%m} 里", "两个只写一个")
        ledger = context.ledger()
        repo = context.repository(ledger, dry_run=self.dry_run)
        year = context.plan_year(ledger, end.replace(day=1), end)
        sheet = blank_sheet(ledger, year, self.department, end, today)
        evidence, files = collect_evidence(ledger, sheet.stamp.year, self.evidence, context.env.cwd)
        terms = EntryRequest(
            department=sheet.stamp.department,
            target="",
            on=self.on or sheet.day,
            by=self.by,
            note=self.note,
            evidence=evidence,
            simulated=ledger.config.simulated,
            late=self.late,
            reason=self.reason,
        )
        session = GuidedSession(
            context, ledger, repo, sheet, terms, batch=self.batch, dry_run=self.dry_run, files=files
        )
        return session.run()
