"""Commands that make next year's plan from this year's words: draft, lint, plan diff."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.common import call_of
from ledger.render import Format, render

FormatOption = Annotated[Format, typer.Option("--format", help="输出格式：表格、JSON 或 CSV。")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    app.command()(draft)


def draft(
    context: typer.Context,
    source: Annotated[
        str,
        typer.Argument(metavar="材料", help="一段目标文字；或 - 表示从标准输入读一段。"),
    ],
    title: Annotated[
        str, typer.Option("--title", metavar="文字", help="承诺事项（标题）。", show_default=False)
    ] = "",
    department: Annotated[
        str, typer.Option("--department", metavar="部门", help="责任部门。", show_default=False)
    ] = "",
    form: FormatOption = Format.TABLE,
) -> None:
    """把一段目标文字读成分项目标的草稿；每个目标写明由哪条规则得出，读不懂的如实标出。"""
    from ledger.actions.draft import paragraph
    from ledger.intake.decode import decode
    from ledger.render.views.draft import paragraph_view

    call = call_of(context)
    if source == "-":
        source = decode(read_bytes(call.env.stdin), "标准输入")
    read = paragraph(source.strip(), title.strip(), department.strip())
    render(paragraph_view(read.text, read.title, read.result), call.env, form)


def read_bytes(stream: object) -> bytes:
    """Return all a stream holds, past its own idea of encoding where it has one."""
    inner = getattr(stream, "buffer", None)
    if inner is not None:
        return bytes(inner.read())
    return str(stream.read()).encode("utf-8", "surrogateescape")  # type: ignore[attr-defined]
