"""Comma, semicolon or tab separated text in any encoding a Chinese office uses."""

from __future__ import annotations

import csv
from io import StringIO

from ledger.documents import bounds
from ledger.documents.decode import decode_text
from ledger.documents.model import Grid, GridRow, ParsedFile, UnreadableFileError


def read_csv(raw: bytes, name: str) -> ParsedFile:
    """Return the rows of a separated file.

    Raises:
        UnreadableFileError, NotTextError, TextTooLongError: naming the line where one is known.
    """
    text = decode_text(raw, name)
    head = text.split("\n", 1)[0]
    separator = max(",\t;，", key=head.count)
    lines: list[GridRow] = []
    reader = csv.reader(StringIO(text), delimiter=separator, strict=True)
    start = 1
    try:
        for cells in reader:
            if len(lines) >= bounds.MAX_ROWS:
                raise UnreadableFileError(name, f"超过 {bounds.MAX_ROWS} 行", "拆成几个文件再试")
            lines.append(GridRow(f"第{start}行", tuple(cell.strip() for cell in cells[: bounds.MAX_COLUMNS])))
            start = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFileError(
            name,
            f"第{start}行的引号或分隔符不成对（{error}）",
            "检查这一行的双引号；用 Excel 打开后另存为 .xlsx 最稳妥",
        ) from None
    return ParsedFile((Grid("", tuple(lines)),))
