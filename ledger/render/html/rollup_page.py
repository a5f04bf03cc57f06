"""The page of a roll-up: one offline file with headline figures, ranking, matrices, monthly line and provenance; it runs no script."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from ledger.commands.rollup import Rollup
from ledger.core.progress.lights import Light
from ledger.core.progress.percent import percent
from ledger.export.header import Header
from ledger.export.sums import Subtotal
from ledger.render.columns import COUNT, Column, Columns
from ledger.render.html.templates import page_templates, read_asset
from ledger.render.view import day
from ledger.render.views.rollup import ORIGIN, rollup_columns, warnings_of
from ledger.render.views.rollup_rows import By, RollupRow, make_lines, total_line

TONES = {
    Light.MET: "met",
    Light.ON_TRACK: "ok",
    Light.BEHIND: "behind",
    Light.FAR_BEHIND: "far",
    Light.UNREPORTED: "none",
    Light.UNKNOWN: "unknown",
}
_WIDTH, _HEIGHT, _LEFT, _TOP = 640, 200, 44, 12


@dataclass(frozen=True, slots=True)
class HeadlineFigure:
    """A headline figure: its name, value and a remark."""

    name: str
    value: str
    about: str


@dataclass(frozen=True, slots=True)
class PageCell:
    """One cell of a table: its text, a light in words with its tone, a link, or a drawing."""

    text: str
    chip: str = ""
    tone: str = ""
    link: str = ""
    svg: str = ""


@dataclass(frozen=True, slots=True)
class PageRow:
    """One row of a table; the last one may be the total."""

    cells: tuple[PageCell, ...]
    total: bool = False


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table with its heading and a sentence that explains it."""

    anchor: str
    title: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[PageRow, ...]


@dataclass(frozen=True, slots=True)
class RollupPage:
    """Everything that the template shows."""

    title: str
    facts: str
    simulated: bool
    warnings: tuple[str, ...]
    figures: tuple[HeadlineFigure, ...]
    trend: Markup
    tables: tuple[PageTable, ...]


def render_rollup_page(months: Sequence[Rollup], folder: Path) -> str:
    """Return the page of the last of some roll-ups, with the others as the months before it.

    A ledger's own report is linked where `folder`, in which the page will lie, holds a file called by the ledger's code or
    place: `330523.html` or `湖州市-安吉县.html`.
    """
    style = read_asset("rollup.css")
    digest = base64.b64encode(sha256(style.encode()).digest()).decode("ascii")
    return (
        page_templates()
        .get_template("rollup.html")
        .render(
            page=make_rollup_page(months, folder),
            style=Markup(style),  # noqa: S704 - a file of this package
            policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        )
    )


def make_rollup_page(months: Sequence[Rollup], folder: Path) -> RollupPage:
    """Return what the page shows."""
    rollup = months[-1]
    cities = len({header.place.city for header in rollup.headers})
    return RollupPage(
        title=f"{rollup.year} 年承诺事项进度汇总",
        facts=f"{len(rollup.headers)} 本账，{cities} 个市，截至 {day(rollup.as_of)}（含当天）",
        simulated=rollup.simulated,
        warnings=tuple(warnings_of(rollup)),
        figures=tuple(_figures(months)),
        trend=_trend(months) if len(months) > 1 else Markup(""),
        tables=(
            _ranking(months),
            _matrix(rollup, (By.CITY, By.DEPARTMENT), "departments", "各市各部门"),
            _matrix(rollup, (By.CITY, By.KIND), "kinds", "各市各类目标"),
            _provenance(rollup, folder),
        ),
    )


def _figures(months: Sequence[Rollup]) -> Iterator[HeadlineFigure]:
    total = months[-1].sums.total()
    before = months[-2].sums.total().completion.value if len(months) > 1 else None
    value = total.completion.value
    change = ""
    if value is not None and before is not None:
        sign = "▲" if value > before else "▼" if value < before else "持平 "
        change = f"较上期 {sign}{percent(abs(value - before)).removesuffix('%')} 个百分点"
    yield HeadlineFigure(
        "完成率", percent(value), change or f"计入 {total.counted} 个承诺事项，未计 {total.uncounted} 个"
    )
    behind = total.lights[Light.BEHIND] + total.lights[Light.FAR_BEHIND]
    for name, count in (
        ("已达标", total.lights[Light.MET]),
        ("滞后", behind),
        ("未报送", total.lights[Light.UNREPORTED]),
    ):
        share = percent(Fraction(count, total.targets)) if total.targets else "—"
        yield HeadlineFigure(name, f"{count} 项", f"共 {total.targets} 项目标，占 {share}")


def _ranking(months: Sequence[Rollup]) -> PageTable:
    rollup = months[-1]
    lines = sorted(make_lines(rollup, (By.CITY,)), key=lambda line: line.rank or len(rollup.headers) + 1)
    history = {line.names: [] for line in lines}  # type: dict[tuple[str, ...], list[Fraction | None]]
    for month in months:
        cells = {line.names: line.cell.completion.value for line in make_lines(month, (By.CITY,))}
        for names, values in history.items():
            values.append(cells.get(names))
    columns = _city_columns(rollup)
    rows = [_city_row(columns, line, history[line.names]) for line in lines]
    return PageTable(
        "ranking",
        "各市位次",
        "完成率为所辖各承诺事项完成率的平均，每个事项一样重；无法计算的事项和没有完成率的目标列在末两栏。",
        tuple(column.title for column in columns),
        (*rows, _city_row(columns, total_line(rollup, (By.CITY,)), [], total=True)),
    )


def _city_columns(rollup: Rollup) -> Columns[RollupRow]:
    """Return the columns of `ledger rollup --by city`, with the line of months; counts of nothing stay empty."""
    lights = [light.value for light in Light]
    keys = f"city rank completion _months ledgers commitments targets {' '.join(lights)} uncounted targets_uncounted"
    months: Columns[RollupRow] = Columns(Column("_months", "逐月", lambda _: ""))
    counts = dict.fromkeys([*lights, "uncounted", "targets_uncounted"], COUNT)
    return (rollup_columns(rollup, (By.CITY,), starred=False) + months).pick(keys).typed(**counts)


def _city_row(
    columns: Columns[RollupRow], line: RollupRow, history: Sequence[Fraction | None], *, total: bool = False
) -> PageRow:
    cells = (
        PageCell(column.text(line), svg=_spark(history) if column.key == "_months" else "")
        for column in columns
    )
    return PageRow(tuple(cells), total)


def _matrix(rollup: Rollup, cut: tuple[By, By], anchor: str, title: str) -> PageTable:
    """Return a matrix with a row for each second name (a department or kind) and a column for each city."""
    cells = {line.names: line.cell for line in make_lines(rollup, cut)}
    cities = tuple(dict.fromkeys(names[0] for names in cells))
    names = tuple(dict.fromkeys(names[1] for names in cells))
    rows = [
        PageRow((PageCell(name), *(_light_cell(cells.get((city, name))) for city in cities)))
        for name in names
    ]
    head = "部门" if By.DEPARTMENT in cut else "目标种类"
    return PageTable(
        anchor,
        title,
        "每格是完成率，和格内最差的灯及其目标数；空格是没有目标。",
        (head, *cities),
        tuple(rows),
    )


def _light_cell(cell: Subtotal | None) -> PageCell:
    if cell is None:
        return PageCell("")
    order = (Light.FAR_BEHIND, Light.BEHIND, Light.UNREPORTED, Light.UNKNOWN, Light.ON_TRACK, Light.MET)
    worst = next((light for light in order if cell.lights[light]), None)
    if worst is None:
        return PageCell(percent(cell.completion.value))
    return PageCell(percent(cell.completion.value), f"{worst.value} {cell.lights[worst]}", TONES[worst])


def _provenance(rollup: Rollup, folder: Path) -> PageTable:
    table = ORIGIN.table(rollup.headers)
    rows = [
        PageRow((PageCell(texts[0], link=_report_link(header, folder)), *map(PageCell, texts[1:])))
        for header, texts in zip(rollup.headers, table.rows, strict=True)
    ]
    empty = [PageCell("")] * (len(table.columns) - 2)
    rows += [PageRow((PageCell(str(place)), PageCell("", "缺报", "far"), *empty)) for place in rollup.absent]
    heads = tuple(column.title for column in table.columns)
    return PageTable(
        "ledgers",
        "各账本的依据",
        "每本账的数据至哪一天、封账至哪个月、是否通过检查和审计。",
        heads,
        tuple(rows),
    )


def _report_link(header: Header, folder: Path) -> str:
    names = [f"{header.place.code}.html"] if header.place.code else []
    names.append(f"{header.place.city}-{header.place.county}.html")
    return next((quote(name) for name in names if (folder / name).is_file()), "")


def _trend(months: Sequence[Rollup]) -> Markup:
    """Return the line of the completion of the whole, month by month, from 0 to 100 %."""
    values = [month.sums.total().completion.value for month in months]
    step = Fraction(_WIDTH - _LEFT - 30, max(1, len(values) - 1))
    points = [
        (float(_LEFT + step * number), float(_TOP + (_HEIGHT - 40) * (1 - value)))
        for number, value in enumerate(values)
        if value is not None
    ]
    grid = "".join(
        f'<line x1="{_LEFT}" x2="{_WIDTH - 20}" y1="{y}" y2="{y}"/><text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{share}%</text>'
        for share in (0, 25, 50, 75, 100)
        for y in (_TOP + (_HEIGHT - 40) * (100 - share) // 100,)
    )
    labels = "".join(
        f'<text x="{float(_LEFT + step * number):.1f}" y="{_HEIGHT - 8}" text-anchor="middle">{month.as_of.month}月</text>'
        for number, month in enumerate(months)
    )
    spoken = "，".join(
        f"{month.as_of.month} 月 {percent(value)}" for month, value in zip(months, values, strict=True)
    )
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points)
    return Markup(  # noqa: S704 - numbers and words of this program
        f'<svg class="line" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="逐月完成率：{spoken}">'
        f'{grid}<path d="{_path(points)}"/>{dots}{labels}</svg>'
    )


def _spark(values: Sequence[Fraction | None]) -> Markup:
    """Return a small line of monthly completions; nothing where there are fewer than two."""
    points = [
        (4 + 92 * number / max(1, len(values) - 1), 20 - 18 * float(value))
        for number, value in enumerate(values)
        if value is not None
    ]
    if len(points) < 2:
        return Markup("")
    drawing = f'<svg class="spark" viewBox="0 0 100 22" aria-hidden="true"><path d="{_path(points)}"/></svg>'
    return Markup(drawing)  # noqa: S704 - numbers of this program


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else ""
