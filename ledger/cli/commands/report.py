"""`ledger report`."""

from __future__ import annotations

from ledger.cli.command import PATH, Command, choice, required_option
from ledger.cli.context import AppContext
from ledger.cli.options import AS_OF, DEPARTMENTS, DRY_RUN, KNOWN, ROOT, YEAR
from ledger.core.errors import UsageError
from ledger.render import Pages, render


class ReportCommand(Command):
    """做网页报告：一个离线可看的 HTML 文件，含总览、排名、每项承诺的原文、进度图和记录。"""

    reads_only = True
    document = "output"

    output = required_option(PATH, "-o", "--output", metavar="文件", help="写到哪个 .html 文件。")
    pages = choice(
        Pages.OVERVIEW, "--pages", help="打印时印什么：overview 要点和总览（不超过四页），all 全部。"
    )
    as_of = AS_OF
    known = KNOWN
    departments = DEPARTMENTS
    dry_run = DRY_RUN
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        from ledger.cli.sides import last_seal, open_side
        from ledger.commands.report import collect_report, integrity_statement
        from ledger.render.html import html
        from ledger.render.outfile import address_from
        from ledger.render.views.documents import document_written_view
        from ledger.render.waiting import waiting

        path = context.env.cwd / self.output
        if path.suffix.lower() not in {".html", ".htm"}:
            raise UsageError(
                f"{self.output} 不是网页文件名：报告是一个 .html 文件",
                "如 -o 报告.html；要 PDF，打开后在浏览器里打印",
            )
        ledger, today = context.ledger(self.as_of), context.env.today
        query = context.query(ledger, self.as_of, self.departments)
        with waiting(context.env, "正在做报告") as step:
            statement = integrity_statement(ledger, query.as_of, today, year=query.year)
            month = last_seal(context, query.as_of)
            sealed = open_side(context, month) if month else None
            data = collect_report(ledger, query, statement, today, sealed=sealed, step=step)
            address = address_from(path.parent, ledger.home)
            page = html(data, today, self.pages, ledger_address=address).encode()
            context.write_document(path, page, dry_run=self.dry_run)
        view = document_written_view("网页报告", path, len(page), query.as_of, dry_run=self.dry_run)
        render(view, context.env)
        context.keeps_answer = not statement.has_server
        for notice in statement.notices:
            context.notify(notice)
        context.tell_known_of(ledger, query)
