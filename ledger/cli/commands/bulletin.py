"""`ledger bulletin`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ledger.cli.command import PATH, TEXT, Command, option
from ledger.cli.context import AppContext
from ledger.cli.options import DEPARTMENTS, DRY_RUN, KNOWN, MONTH_PAST, ROOT, YEAR
from ledger.core.errors import UsageError
from ledger.render import render

if TYPE_CHECKING:
    from ledger.core.models.config import BulletinSettings


class BulletinCommand(Command):
    """写通报：某月各部门进展、滞后和未报送的目标，成 Word 文档或 Markdown。"""

    reads_only = True
    document = "output"

    month = MONTH_PAST
    known = KNOWN
    output = option(PATH, "-o", "--output", metavar="文件", help="写到哪个文件：.docx（Word）或 .md。")
    template = option(
        PATH,
        "--template",
        metavar="模板",
        help="用哪个 Word 模板；默认用账本里的 templates/通报.docx，没有则用自带的。",
    )
    save_template = option(
        PATH, "--save-template", metavar="文件", help="把自带的 Word 模板存到这个文件，供修改。"
    )
    issuer = option(TEXT, "--issuer", metavar="机关", help="发文机关；默认为账本里写的。")
    number = option(TEXT, "--number", metavar="文号", help="发文字号，如 湖督〔2023〕6号。")
    signer = option(TEXT, "--signer", metavar="姓名", help="签发人。")
    copies = option(TEXT, "--copies", metavar="单位", help="抄送。")
    departments = DEPARTMENTS
    dry_run = DRY_RUN
    year = YEAR
    root = ROOT

    def run(self, context: AppContext) -> None:
        if self.save_template is not None:
            self._save_template(context, context.env.cwd / self.save_template)
        elif self.output is None or self.output.suffix.lower() not in {".docx", ".md"}:
            raise UsageError("通报写成什么文件？-o 要写以 .docx 或 .md 结尾的文件名", "如 -o 6月通报.docx")
        else:
            self._write(context, self.output)

    def _save_template(self, context: AppContext, path: Path) -> None:
        from ledger.render.docx import template_bytes
        from ledger.render.outfile import write_file
        from ledger.render.views.documents import template_view

        write_file(path, template_bytes(), dry_run=self.dry_run)
        render(template_view(path, dry_run=self.dry_run), context.env)

    def _write(self, context: AppContext, output: Path) -> None:
        from ledger.commands.bulletin import bulletin
        from ledger.commands.due import last_month
        from ledger.commands.report import integrity_statement
        from ledger.core.progress.report import Query
        from ledger.render.views.bulletin import content
        from ledger.render.views.documents import document_written_view
        from ledger.render.waiting import waiting

        today = context.env.today
        end = self.month or last_month(today)
        ledger = context.ledger(end)
        names = context.departments_of(ledger, self.departments)
        with waiting(context.env, "正在写通报"):
            statement = integrity_statement(ledger, end, today, of_month=True)
            year = context.plan_year(ledger, end.replace(day=1), end)
            query = Query(year=year, as_of=end, departments=names)
            data = bulletin(ledger, query, end, today, statement, self._settings(ledger.config.bulletin))
        if output.suffix.lower() == ".md":
            from ledger.render.markdown import markdown

            document = markdown(content(data)).encode()
        else:
            from ledger.render.docx import docx

            template = ledger.home / "templates" / "通报.docx"
            chosen = context.env.cwd / self.template if self.template else template
            document = docx(content(data), chosen if self.template or template.is_file() else None)
        path = context.env.cwd / output
        context.write_document(path, document, dry_run=self.dry_run)
        render(
            document_written_view("通报", path, len(document), data.as_of, dry_run=self.dry_run), context.env
        )
        context.keeps_answer = not statement.has_server
        for notice in statement.notices:
            context.notify(notice)
        context.tell_known_of(ledger, query)

    def _settings(self, settings: BulletinSettings) -> BulletinSettings:
        """Return the bulletin's settings: the options take precedence over the ledger's own."""
        from ledger.core.structs import replace

        given = {"issuer": self.issuer, "number": self.number, "signer": self.signer, "copies": self.copies}
        return replace(settings, **{name: value for name, value in given.items() if value is not None})
