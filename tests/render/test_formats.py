"""The four ways of showing a view, told apart by what each must never do."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

import pytest

from ledger.render import csvfile, plain, terminal
from ledger.render.columns import PROGRESS_BAR, SHARE, Column, Columns, Records
from ledger.render.view import Heading, Lines, Marked, Table, View, number
from ledger.render.width import width

HOSTILE = ("[red]a[/red]", ":100:", "=cmd|' /C calc'!A0", "\x1b[2J", "-3%", "@SUM(A1)", "+5家", "普通")
TABLE = Table(
    (Heading("目标"), Heading("现在", "figure"), Heading("亮灯", "light")),
    [(text, "16亿美元", "严重滞后") for text in HOSTILE],
    title="表",
)
FIGURES: Columns[Fraction] = Columns(
    Column("share", "完成率", lambda value: value, SHARE, "—"),
    Column("_bar", "进度", lambda value: (value, Fraction(1, 2)), PROGRESS_BAR),
)
BLOCKS = (Lines(("标题 [b]",), "heading"), TABLE, Marked("原文新增2家，其余", ((2, 6),)))
VIEW = View(BLOCKS, {"a": 1}, Records((("目标", "@"),), [(text,) for text in HOSTILE]))


def shown(columns: int, *, colour: bool = False) -> str:
    stream = io.StringIO()
    terminal.write_terminal(VIEW, stream, columns=columns, colour=colour)
    return stream.getvalue()


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_the_terminal_shows_user_text_as_it_is_and_keeps_its_width(columns: int) -> None:
    out = shown(columns)
    for text in ("[red]a[/red]", ":100:", "\\x1b[2J", "标题 [b]", "原文新增2家，其余"):
        assert text in out
    assert "\x1b" not in out
    assert all(width(line) <= columns for line in out.splitlines())


def test_a_narrow_terminal_wraps_words_and_never_cuts_a_figure() -> None:
    table = Table(
        (Heading("目标"), Heading("现在", "figure")), [("新增国有控股上市公司和混改企业", "16亿美元")]
    )
    stream = io.StringIO()
    terminal.write_terminal(View((table,)), stream, columns=24, colour=False)
    out = stream.getvalue()
    assert "16亿美元" in out
    assert "".join(out.split()).replace("16亿美元", "").endswith("新增国有控股上市公司和混改企业")
    assert "…" not in out


def test_plain_text_lines_up_by_columns() -> None:
    stream = io.StringIO()
    plain.write_plain(VIEW, stream)
    rows = [line for line in stream.getvalue().splitlines() if line.endswith("严重滞后")]
    assert len(rows) == len(HOSTILE)
    assert len({width(row) for row in rows}) == 1
    assert "原文【新增2家】，其余" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_csv_runs_nothing_in_a_spreadsheet_and_keeps_signed_figures() -> None:
    stream = io.StringIO()
    csvfile.write_csv(VIEW, stream)
    cells = [row[0] for row in csv.reader(io.StringIO(stream.getvalue()))][1:]
    assert cells == [
        "[red]a[/red]",
        ":100:",
        "'=cmd|' /C calc'!A0",
        "\x1b[2J",
        "-3%",
        "'@SUM(A1)",
        "+5家",
        "普通",
    ]


@pytest.mark.parametrize(
    ("value", "exact"), [(None, None), (3, 3), ("4/2", 2), ("1/3", "1/3"), ("9/2", "4.5")]
)
def test_json_numbers_are_exact(value: object, exact: object) -> None:
    given = Fraction(value) if isinstance(value, str) else value
    assert number(given) == exact  # type: ignore[arg-type]


def test_a_column_is_written_in_every_format_from_its_one_declaration() -> None:
    third = Fraction(1, 3)
    assert FIGURES.table([third]).rows == [("33.3%", "###--|----")]
    assert FIGURES.data(third) == {"share": "1/3"}
    records = FIGURES.pick("share").records([third, Fraction(9, 2), Fraction(-2, 3)])
    stream = io.StringIO()
    csvfile.write_csv(View((), None, records), stream)
    assert stream.getvalue().splitlines() == [
        "完成率,完成率（精确分数）",
        "0.333333,3分之1",
        "4.5,",
        "-0.666667,负3分之2",
    ]
