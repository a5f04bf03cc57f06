"""Tables of the page are made of the columns that answers declare; what a person reads there is what `status` writes."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from jinja2 import DictLoader, Environment

from ledger.core.progress import Light
from ledger.render.columns import COUNT, FIGURE, LIGHT, SHARE, Column, Columns
from ledger.render.html.table import HtmlCell, HtmlRow, make_table
from tests.paths import REPOSITORY


class SampleRow(NamedTuple):
    name: str
    light: Light
    share: Fraction | None
    behind: int


LINES: Columns[SampleRow] = Columns(
    Column("light", "亮灯", lambda line: line.light.value, LIGHT),
    Column("name", "目标", lambda line: line.name),
    Column("share", "完成率", lambda line: line.share, SHARE, "—"),
    Column("behind", Light.BEHIND.value, lambda line: line.behind, COUNT),
    Column("goal", "目标值", lambda line: "5家", FIGURE),
)
ROWS = [SampleRow("新增<上市>公司", Light.MET, Fraction(2, 3), 0), SampleRow("外资", Light.BEHIND, None, 2)]


def written(**options: object) -> str:
    folder = REPOSITORY / "ledger" / "render" / "html"
    environment = Environment(
        autoescape=True,
        loader=DictLoader({"table.html": (folder / "table.html").read_text(encoding="utf-8")}),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    table = make_table(LINES, ROWS, name="name", **options)  # type: ignore[arg-type]
    source = '{% from "table.html" import table %}{{ table(data, "list") }}'
    return environment.from_string(source).render(data=table)


def test_cells_are_the_texts_of_the_columns() -> None:
    plain = LINES.table(ROWS)
    table = make_table(LINES, ROWS, name="name")
    assert [heading.title for heading in table.headings] == [heading.title for heading in plain.columns]
    for row, texts in zip(table.rows, plain.rows, strict=True):
        assert [cell.chip.word if cell.chip else cell.text for cell in row.cells] == list(texts)


def test_the_named_column_heads_its_row_and_carries_the_link() -> None:
    source = written(link=lambda line: f"#{line.name}", attributes=lambda line: {"data-dept": line.name})
    assert source.count('<th scope="row">') == 2
    assert '<a href="#新增&lt;上市&gt;公司">新增&lt;上市&gt;公司</a>' in source
    assert 'data-dept="新增&lt;上市&gt;公司"' in source
    assert "<上市>" not in source


def test_lights_are_chips_and_counts_of_lights_take_their_colour() -> None:
    source = written()
    assert source.count('<td class="nowrap"><span class="chip met">') == 1
    assert '<td class="n on behind">2</td>' in source
    assert source.count('class="n on') == 1


def test_a_total_stands_below() -> None:
    table = make_table(LINES, ROWS, name="name")
    total = table._replace(total=HtmlRow(tuple(map(HtmlCell, ("", "合计", "66.7%", "2", "")))))
    assert total.first(1).total == total.total
    assert len(total.first(1).rows) == 1
