"""`ledger status`."""

from __future__ import annotations

from ledger.cli.command import TEXT, Command, flag, option, options
from ledger.cli.context import AppContext
from ledger.cli.options import AS_OF, BOM, DEPARTMENTS, FILE_FORMAT, KNOWN, OUTPUT, ROOT, YEAR
from ledger.core.errors import UsageError
from ledger.render import Output, render_output


class StatusCommand(Command):
    """看进度：各部门一览，或某个部门的每个目标。"""

    reads_only = True

    departments = DEPARTMENTS
    lights = options(
        TEXT,
        "--light",
        metavar="灯",
        help="只看这种灯：已达标、正常、滞后、严重滞后、未报、无法判断；可写多次。",
        offers="lights",
    )
    sort = option(
        TEXT, "--sort", metavar="列", help="按哪一列从大到小排：完成率、滞后、严重滞后、未报等表头。"
    )
    as_of = AS_OF
    known = KNOWN
    all = flag("--all", help="列出全部部门的每个目标。")
    no_cache = flag("--no-cache", help="不用缓存，全部文件重新读。")
    score = flag("--score", help="看得分：计难度与不计难度并列。")
    format = FILE_FORMAT
    output = OUTPUT
    bom = BOM
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.commands.status import status
        from ledger.core.progress.lights import Light
        from ledger.files import layout, listing
        from ledger.files.status_cache import StatusRequest
        from ledger.render.views.status import SORTABLE, status_view

        names = [light.value for light in Light]
        for name in self.lights:
            if name not in names:
                raise UsageError(f"没有“{name}”这种灯", f"可选：{'、'.join(names)}")
        if self.sort is not None and self.sort not in SORTABLE:
            raise UsageError(f"不能按“{self.sort}”排", f"可选：{'、'.join(SORTABLE)}")
        as_of = self.as_of or context.env.today
        if self.score:
            self._show_scores(context)
            return
        reading = context.read_at(as_of)
        report = status(
            reading.folder,
            StatusRequest(
                as_of=as_of,
                year=context.year,
                departments=self.departments,
                lights=frozenset(map(Light, self.lights)),
            ),
            open_ledger=lambda: context.ledger(as_of),
            resolve_query=context.resolve_query,
            cache=None if self.no_cache else context.cache(reading.folder),
        )
        detail = self.all or bool(self.departments) or bool(self.lights)
        view = context.marked(status_view(report, detail=detail, sort=self.sort))
        render_output(view, context.env, Output(self.format, self.output, self.bom))
        context.notify_uncommitted(report.uncommitted)
        shown = {layout.folder_of(status.commitment.id) for status in report.commitments}
        folders = shown if self.departments else listing.listed_departments(reading.folder, report.year)
        context.tell_known(report.year, folders, as_of)
        if drafts := listing.drafts(reading.folder, report.year):
            context.notify(f"另有 {drafts} 项草稿没有确认，不算承诺，不计入；ledger draft --review")

    def _show_scores(self, context: AppContext) -> None:
        """Show scores where completions would be; a score is of a whole commitment, so that lights cannot choose targets."""
        from ledger.commands.rank import rank
        from ledger.render.views.score import ranking_view

        if self.lights:
            raise UsageError("--score 和 --light 不能一起用", "得分按整个事项算；去掉其中一个")
        ledger = context.ledger(self.as_of)
        query = context.query(ledger, self.as_of, self.departments)
        view = context.marked(ranking_view(rank(ledger, query), detail=query.departments is not None))
        render_output(view, context.env, Output(self.format, self.output, self.bom))
        context.tell_known_of(ledger, query)
