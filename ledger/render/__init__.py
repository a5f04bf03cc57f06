"""Answers in the format asked for, on the standard output or in a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import NamedTuple, TextIO

from ledger.core.errors import UsageError
from ledger.environment import Environment
from ledger.render.view import Table, View

RICH_ROWS = 400
"""Rows beyond which the plain writer takes over: rich takes 2.7 s for 8,000."""


class Format(StrEnum):
    """The formats of every listing."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class FileFormat(StrEnum):
    """The formats of the listings that can also be written to a file."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


class Pages(StrEnum):
    """What is printed of the page: the first pages, or everything."""

    OVERVIEW = "overview"
    ALL = "all"


class Output(NamedTuple):
    """Where an answer goes: the format, the file (None is the standard output), and whether CSV begins with a byte order mark."""

    format: FileFormat = FileFormat.TABLE
    file: Path | None = None
    bom: bool = False


def columns_of(env: Environment) -> int:
    """Return the width of the terminal, 80 where the output is none."""
    if not env.stdout.isatty():
        return 80
    from ledger.render import terminal

    return terminal.size(env.stdout)[0]


def _table(view: View, env: Environment) -> None:
    from ledger.render import plain

    if not env.stdout.isatty():
        plain.write_plain(view, env.stdout)
        return
    from ledger.render import pager, terminal  # rich takes five times as long to import as Python to start
    from ledger.render.width import has_wide_punctuation, narrow

    if has_wide_punctuation(env.stdout.encoding):
        view = View(
            tuple(block.changed(narrow) if isinstance(block, Table) else block for block in view.blocks),
            None,
        )
    long = sum(len(block.rows) for block in view.blocks if isinstance(block, Table)) > RICH_ROWS
    columns, rows = terminal.size(env.stdout)
    paging = pager.command(env)
    buffer = StringIO()
    out = env.stdout if paging is None else buffer
    if long:
        plain.write_plain(view, out)
    else:
        terminal.write_terminal(view, out, columns=columns, like=env.stdout)
    if paging is not None:
        pager.page_text(buffer.getvalue(), env, paging, rows)


def _json(view: View, env: Environment) -> None:
    _write_json(view, env.stdout)


def _write_json(view: View, stream: TextIO) -> None:
    json.dump(view.data, stream, ensure_ascii=False, indent=2)
    stream.write("\n")


def _csv(view: View, env: Environment) -> None:
    from ledger.render import csvfile

    csvfile.write_csv(view, env.stdout)


RENDERERS: dict[str, Callable[[View, Environment], None]] = {"table": _table, "json": _json, "csv": _csv}


def render(view: View, env: Environment, form: Format = Format.TABLE) -> None:
    """Write `view` to the standard output in the format asked for."""
    if env.on_view is not None:
        env.on_view(view, str(form))
    RENDERERS[form](view, env)


def render_output(view: View, env: Environment, output: Output) -> None:
    """Write `view` to the standard output or to a file; CSV in a file begins with a byte order mark, for Excel.

    Raises:
        UsageError: when xlsx has no file, or the file's name does not end as its format does.
        OutputFileError: when the file cannot be written.
    """
    if output.file is None:
        if output.format is FileFormat.XLSX:
            raise UsageError("Excel 表要写到文件，没有写文件名", "加 -o 文件，如 -o 进度.xlsx")
        if output.bom and output.format is FileFormat.CSV:
            env.stdout.write("\ufeff")
        render(view, env, Format(output.format))
        return
    from ledger.render.outfile import write_file

    form = _form_of(output)
    path = env.cwd / output.file
    write_file(path, _bytes(view, form))
    print(f"已写好：{path}", file=env.stdout)


def _form_of(output: Output) -> FileFormat:
    """Return the format of the file: as asked for, else as its name says."""
    assert output.file is not None
    named = output.file.suffix.lower().removeprefix(".")
    if output.format is FileFormat.TABLE and named in {"json", "csv", "xlsx"}:
        return FileFormat(named)
    expected = {"table": {"txt", "md", ""}}.get(output.format, {output.format.value})
    if named not in expected:
        raise UsageError(
            f"{output.file} 的后缀与格式 {output.format} 不一致",
            f"写 -o {output.file.stem}.{output.format}，或改 --format",
        )
    return output.format


def _bytes(view: View, form: FileFormat) -> bytes:
    if form is FileFormat.XLSX:
        from ledger.render.workbook import workbook

        return workbook(view)
    text = StringIO()
    if form is FileFormat.TABLE:
        from ledger.render import plain

        plain.write_plain(view, text)
    elif form is FileFormat.JSON:
        _write_json(view, text)
    else:
        from ledger.render import csvfile

        csvfile.write_csv(view, text)
    return text.getvalue().encode("utf-8-sig" if form is FileFormat.CSV else "utf-8")
