"""Commands that tell others: due (who has not reported), report (one HTML file), bulletin (通报)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.common import AsOfOption, DeptOption, DryRunOption, RootOption, YearOption, call_of, read_date
from ledger.cli.context import AppContext
from ledger.cli.dates import read_month
from ledger.core.errors import UsageError
from ledger.render import Format, render

if TYPE_CHECKING:
    from ledger.core.progress.report import Query
    from ledger.files.ledger import Ledger

FormatOption = Annotated[Format, typer.Option("--format", help="输出格式：表格、JSON 或 CSV。")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    for command in (due, report, bulletin):
        app.command()(command)


def due(
    context: typer.Context,
    month: Annotated[
        str | None,
        typer.Option(
            "--month",
            metavar="月份",
            help="哪个月，如 2023-06；默认为最近一个已过完的月。",
            show_default=False,
        ),
    ] = None,
    dept: DeptOption = None,
    form: FormatOption = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """看谁还没报：某月应报未报的目标、逾期天数和可直接复制的提醒。有未报时退出码为 1，便于定时任务使用。"""
    from ledger.commands.due import due as look
    from ledger.commands.due import last_month
    from ledger.core.errors import ExitCode
    from ledger.files import lookup
    from ledger.render.views.due import due_view

    call = call_of(context)
    ledger = call.ledger(root)
    names = frozenset(lookup.department(ledger.config, one).name for one in dept) if dept else None
    end = read_month(month) if month else last_month(call.env.today)
    report = look(ledger, call.year_of(ledger, year or call.year or end.year), end, call.env.today, names)
    render(due_view(report), call.env, form)
    if report.count:
        raise typer.Exit(ExitCode.FINDINGS)


def report(
    context: typer.Context,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="文件", help="写到哪个 .html 文件。")],
    as_of: AsOfOption = None,
    dept: DeptOption = None,
    dry_run: DryRunOption = False,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """做网页报告：一个离线可看的 HTML 文件，含总览、排名、每项承诺的原文、进度图和记录。"""
    from ledger.commands.integrity import integrity_statement
    from ledger.commands.report_data import dossier
    from ledger.render.html import html
    from ledger.render.outfile import write_file
    from ledger.render.views.documents import written_view
    from ledger.render.waiting import waiting

    call = call_of(context)
    path = call.env.cwd / output
    if path.suffix.lower() not in {".html", ".htm"}:
        raise UsageError(
            f"{output} 不是网页文件名：报告是一个 .html 文件", "如 -o 报告.html；要 PDF，打开后在浏览器里打印"
        )
    ledger = call.ledger(root)
    query = _query(call, ledger, as_of, dept, year)
    with waiting(call.env, "正在做报告") as step:
        sound = integrity_statement(ledger, query.as_of, call.env.today)
        page = html(dossier(ledger, query, sound, step=step), call.env.today).encode()
        write_file(path, page, dry_run=dry_run)
    render(written_view("网页报告", path, len(page), query.as_of, dry_run=dry_run), call.env)


def bulletin(
    context: typer.Context,
    month: Annotated[
        str | None,
        typer.Option(
            "--month",
            metavar="月份",
            help="哪个月，如 2023-06；默认为最近一个已过完的月。",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="文件", help="写到哪个文件：.docx（Word）或 .md。", show_default=False
        ),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(
            "--template",
            metavar="模板",
            help="用哪个 Word 模板；默认用账本里的 templates/通报.docx，没有则用自带的。",
            show_default=False,
        ),
    ] = None,
    save_template: Annotated[
        Path | None,
        typer.Option(
            "--save-template",
            metavar="文件",
            help="把自带的 Word 模板存到这个文件，供修改。",
            show_default=False,
        ),
    ] = None,
    dept: DeptOption = None,
    dry_run: DryRunOption = False,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """写通报：某月各部门进展、滞后和未报的目标，成 Word 文档或 Markdown。"""
    call = call_of(context)
    if save_template is not None:
        from ledger.render.docx_template import template_bytes
        from ledger.render.outfile import write_file
        from ledger.render.views.documents import template_view

        path = call.env.cwd / save_template
        write_file(path, template_bytes(), dry_run=dry_run)
        render(template_view(path, dry_run=dry_run), call.env)
        return
    if output is None or output.suffix.lower() not in {".docx", ".md"}:
        raise UsageError("通报写成什么文件？-o 要写以 .docx 或 .md 结尾的文件名", "如 -o 6月通报.docx")
    _write_bulletin(call, call.ledger(root), output, template, month, dept, year, dry_run=dry_run)


def _write_bulletin(
    call: AppContext,
    ledger: Ledger,
    output: Path,
    template: Path | None,
    month: str | None,
    dept: list[str] | None,
    year: int | None,
    *,
    dry_run: bool,
) -> None:
    from ledger.commands.bulletin import bulletin as collect
    from ledger.commands.due import last_month
    from ledger.commands.integrity import integrity_statement
    from ledger.files import lookup
    from ledger.render.outfile import write_file
    from ledger.render.views.bulletin import content
    from ledger.render.views.documents import written_view
    from ledger.render.waiting import waiting

    today = call.env.today
    end = read_month(month) if month else last_month(today)
    names = frozenset(lookup.department(ledger.config, one).name for one in dept) if dept else None
    with waiting(call.env, "正在写通报"):
        sound = integrity_statement(ledger, end, today, of_month=True)
        made = collect(ledger, call.year_of(ledger, year or call.year or end.year), end, today, names, sound)
    if output.suffix.lower() == ".md":
        from ledger.render.markdown import markdown

        written = markdown(content(made)).encode()
    else:
        from ledger.render.docx import docx

        own = ledger.root / "templates" / "通报.docx"
        chosen = call.env.cwd / template if template else own if own.is_file() else None
        written = docx(content(made), chosen)
    path = call.env.cwd / output
    write_file(path, written, dry_run=dry_run)
    render(written_view("通报", path, len(written), made.as_of, dry_run=dry_run), call.env)


def _query(
    call: AppContext, ledger: Ledger, as_of: str | None, dept: list[str] | None, year: int | None
) -> Query:
    from ledger.core.progress.report import Query
    from ledger.files import lookup

    names = frozenset(lookup.department(ledger.config, one).name for one in dept) if dept else None
    day = read_date(as_of, "--as-of") if as_of else call.env.today
    return Query(year=call.year_of(ledger, year), as_of=day, departments=names)
