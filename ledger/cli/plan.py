"""Commands that make next year's plan from this year's words: draft, lint, plan diff."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.common import Call, RootOption, YearOption, call_of
from ledger.errors import UsageError
from ledger.render import Format, render

if TYPE_CHECKING:
    from ledger.intake import Material

FormatOption = Annotated[Format, typer.Option("--format", help="输出格式：表格、JSON 或 CSV。")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    app.command()(draft)


def draft(
    context: typer.Context,
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="材料",
            help="一段目标文字；- 表示从标准输入读一段；或计划文件：.docx、.xlsx、.csv、.pdf、.txt。",
            show_default=False,
        ),
    ] = None,
    title: Annotated[
        str, typer.Option("--title", metavar="文字", help="承诺事项（标题）。", show_default=False)
    ] = "",
    department: Annotated[
        str, typer.Option("--department", metavar="部门", help="责任部门。", show_default=False)
    ] = "",
    number: Annotated[
        int | None,
        typer.Option(
            "--number", metavar="序号", min=1, max=99, help="写成第几项；默认接排。", show_default=False
        ),
    ] = None,
    save: Annotated[bool, typer.Option("--write", help="写成草稿文件 data/drafts；不写则只看。")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="与 --write 同用：只列出会写哪些草稿。")] = False,
    review: Annotated[
        bool, typer.Option("--review", help="逐项确认已写的草稿；中断后再来会接着做。")
    ] = False,
    form: FormatOption = Format.TABLE,
    year: YearOption = None,
    root: RootOption = None,
) -> None:
    """把目标文字读成分项目标的草稿；每个目标写明由哪条规则得出，读不懂的如实标出。"""
    from ledger.actions import draft as action
    from ledger.render.views.draft import material_view, paragraph_view, written_view

    call = call_of(context)
    if review:
        raise typer.Exit(_review(call, source, department, year, root))
    if source is None:
        raise UsageError("没有写材料", "写一段目标文字、一个计划文件，或 - 从标准输入读")
    read = _read(call, source)
    if save or number is not None:
        ledger = call.ledger(root)
        material = _one(read) if isinstance(read, str) else read
        plan = action.prepare(
            ledger,
            year or call.year or ledger.config.year,
            material,
            title=title.strip(),
            department=department.strip(),
            number=number,
        )
        if not dry_run:
            action.write(ledger, plan)
        render(written_view(plan, dry_run=dry_run), call.env, form)
    elif isinstance(read, str) or (len(read.rows) == 1 and not read.table):
        text = read if isinstance(read, str) else read.rows[0].text
        render(paragraph_view(action.paragraph(text, title.strip(), department.strip())), call.env, form)
    else:
        render(material_view(action.preview(read, department.strip()), read.notices), call.env, form)


def _read(call: Call, source: str) -> str | Material:
    """Return the paragraph given, or what the file holds."""
    from ledger.intake import read_file
    from ledger.intake.decode import decode
    from ledger.intake.read import KNOWN

    if source == "-":
        return decode(read_bytes(call.env.stdin), "标准输入").strip()
    path = call.env.cwd / source if len(source) < 1000 and "\n" not in source and "\0" not in source else None
    try:
        there = path is not None and path.is_file()
    except OSError:  # a paragraph may be too long for a file name
        there = False
    if path is not None and there:
        return read_file(path)
    if Path(source).suffix.casefold() in KNOWN and "。" not in source:
        raise UsageError(f"没有文件 {source}", "检查文件名和所在的文件夹；给文字时直接写目标原文")
    return source.strip()


def _one(text: str) -> Material:
    """Return one paragraph as a material."""
    from ledger.intake import Material, Row
    from ledger.intake.prose import one_line

    if not text:
        raise UsageError("材料是空的", "写一段目标文字")
    return Material("这段文字", (Row("", one_line(text)),))


def _review(call: Call, word: str | None, department: str, year: int | None, root: Path | None) -> int:
    """Walk through the drafts of the year, of one department or of one commitment."""
    from ledger.actions.find import department as find_department
    from ledger.cli.review import Walk
    from ledger.store import drafts
    from ledger.store.ledger import BrokenLedger

    ledger = call.ledger(root)
    wanted = find_department(ledger.config, department).name if department else None
    sources = []
    for path in drafts.paths(ledger.root, year or call.year):
        found = drafts.read(ledger, path)
        if not isinstance(found, drafts.DraftSource):
            raise BrokenLedger(found)
        commitment = found.commitment
        if (wanted is None or commitment.department == wanted) and word in {None, commitment.id}:
            sources.append(found)
    if not sources:
        raise UsageError("没有要确认的草稿", "先写草稿：ledger draft 计划表.xlsx --write")
    return Walk(call, ledger).run(sources)


def read_bytes(stream: object) -> bytes:
    """Return all a stream holds, past its own idea of encoding where it has one."""
    inner = getattr(stream, "buffer", None)
    if inner is not None:
        return bytes(inner.read())
    return str(stream.read()).encode("utf-8", "surrogateescape")  # type: ignore[attr-defined]
