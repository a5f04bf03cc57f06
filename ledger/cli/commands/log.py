"""`ledger log`."""

from __future__ import annotations

from ledger.cli.command import DATE, MONTH, TEXT, Command, argument, flag, option, optional_argument, options
from ledger.cli.context import AppContext
from ledger.cli.options import (
    DRY_RUN_RECORD,
    FORMAT,
    LATE_REPORT,
    REASON_LATE,
    REPORTED_BY,
    ROOT,
    YEAR,
    require_late_with_reason,
)
from ledger.core.errors import UsageError
from ledger.render import render


class Log(Command):
    """记一笔进度：追加一行记录，成一次提交；不写目标，就在终端上把部门的目标逐个问一遍。"""

    department = argument(TEXT, "部门", "部门名称或别名。", offers="departments")
    target = optional_argument(
        TEXT,
        "目标",
        "目标代号、编号/代号、名称，或名称中不会混淆的一段；不写就在终端上逐个问。",
        offers="targets",
    )
    amount = optional_argument(
        TEXT, "数量", "带单位的数量，如 2家、3.5亿元；名次写 第3位；节点写 完成。", offers="amounts"
    )
    on = option(DATE, "--on", metavar="日期", help="数据所属日期；默认为今天。")
    total = flag("--total", off="--add", help="数量是年初至今的累计数，还是本期新增数。")
    current = option(TEXT, "--current", metavar="数量", help="本期数，与 --base 同用。")
    base = option(TEXT, "--base", metavar="数量", help="上年同期数，与 --current 同用。")
    benchmark = option(TEXT, "--benchmark", metavar="数量", help="参照值，如全省平均。")
    of = option(TEXT, "--of", metavar="个数", help="参加排名的个数。")
    note = option(TEXT, "--note", metavar="文字", help="说明。")
    evidence = options(TEXT, "--evidence", metavar="文字", help="佐证：文号、网址或文件；可写多次。")
    by = REPORTED_BY
    late = LATE_REPORT
    reason = REASON_LATE
    month = option(
        MONTH, "--month", metavar="月份", help="逐个问时报哪个月，如 2023-06；默认为最近一个已过完的月。"
    )
    batch = flag("--batch", help="逐个问时，全部答完一次提交。")
    dry_run = DRY_RUN_RECORD
    format = FORMAT
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> int | None:
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
        from ledger.commands.log import EntryRequest, prepare, write
        from ledger.render.views.written import logged_view, understood_view

        ledger = context.ledger()
        report = EntryRequest(
            department=self.department,
            target=target,
            amount=self.amount,
            figures=self._figures,
            on=self.on,
            running_total=self.total,
            by=self.by,
            note=self.note,
            evidence=self.evidence,
            simulated=ledger.config.simulated,
            late=self.late,
            reason=self.reason,
        )
        repo = context.repository(ledger, dry_run=self.dry_run)
        year, today = context.year_of(ledger), context.env.today
        entry = prepare(ledger, year, report, today=today, identity=repo.identity().name)
        if self.dry_run:
            render(understood_view(entry), context.env, self.format)
            return
        logged = write(ledger, [entry], today=today, repo=repo, told=context.notify)
        render(logged_view(logged), context.env, self.format)

    def _ask_for_month(self, context: AppContext) -> int:
        """Ask for the figures of a department's month, target by target.

        Raises:
            UsageError: when there is no terminal, two months are named, or a figure is given already.
        """
        from ledger.cli.guided import GuidedSession
        from ledger.commands.due import last_month
        from ledger.commands.guided import WalkTerms
        from ledger.commands.sheet.export import blank_sheet
        from ledger.core.dates import month_end

        if self.total or self._figures:
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
        sheet = blank_sheet(ledger, context.year_of(ledger, end.year), self.department, end, today)
        sitting = WalkTerms(
            day=self.on or sheet.day,
            identity=repo.identity().name,
            by=self.by,
            note=self.note,
            evidence=self.evidence,
            late=self.late,
            reason=self.reason,
        )
        session = GuidedSession(context, ledger, repo, sheet, sitting, batch=self.batch, dry_run=self.dry_run)
        return session.run()
