"""Rows as CSV or JSON Lines, a file per table, streamed; the same rows always give the same bytes."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from ledger.export.exact import ExportRow, Value
from ledger.export.schema import ColumnType, ExportTable

Write = Callable[[ExportRow], object]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_tables(
    folder: Path,
    tables: Iterable[ExportTable],
    rows: Iterable[tuple[str, ExportRow]],
    writer: Callable[[TextIO, ExportTable], Write],
    suffix: str,
    encoding: str = "utf-8",
) -> dict[str, int]:
    """Write every row to its table's file in `folder`, and return how many rows each table has."""
    with ExitStack() as stack:
        counts: dict[str, int] = {}
        writes: dict[str, Write] = {}
        for table in tables:
            file = folder / f"{table.name}{suffix}"
            stream = stack.enter_context(file.open("w", encoding=encoding, newline="\n"))
            writes[table.name], counts[table.name] = writer(stream, table), 0
        for name, row in rows:
            writes[name](row)
            counts[name] += 1
    return counts


def json_lines(stream: TextIO, table: ExportTable) -> Write:
    """Write objects with every column; decimals are texts, because most readers of JSON keep 15 digits."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

    def write(row: ExportRow) -> None:
        stream.write(encode({name: row[name] for name in table.names}) + "\n")

    return write


def plain_csv(stream: TextIO, table: ExportTable) -> Write:
    """Write CSV for programs: texts exactly as they are."""
    return _csv(stream, table, lambda value, _: _cell(value))


def spreadsheet_csv(stream: TextIO, table: ExportTable) -> Write:
    """Write CSV for spreadsheets: an apostrophe before a text that one would take for a formula and run."""
    return _csv(stream, table, _inert)


def _csv(stream: TextIO, table: ExportTable, cell: Callable[[Value, ColumnType], str]) -> Write:
    writer: Any = csv.writer(stream, lineterminator="\n")
    writer.writerow(table.names)
    columns = [(column.name, column.kind) for column in table.columns]
    return lambda row: writer.writerow([cell(row[name], kind) for name, kind in columns])


def _cell(value: Value) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _inert(value: Value, kind: ColumnType) -> str:
    text = _cell(value)
    return "'" + text if kind == "text" and text.startswith(_FORMULA) else text
