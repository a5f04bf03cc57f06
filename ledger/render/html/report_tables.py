"""The tables of the report page, of the columns that `status` and `rank` declare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from markupsafe import Markup

from ledger.commands.rank import ScoredDepartment
from ledger.commands.report import CommitmentSection, Ranked, ReportData
from ledger.core.progress import Light
from ledger.core.progress.percent import percent
from ledger.core.progress.report import DepartmentStatus
from ledger.render.columns import COUNT, FIGURE, LABEL, Column, Columns
from ledger.render.html.table import HtmlCell, HtmlRow, HtmlTable, make_table
from ledger.render.official import format_official
from ledger.render.views import score, status
from ledger.render.views.standing import Standing, gap_text, remarks_of


class OverviewRow(NamedTuple):
    """One department: its status, its completion a month before, how many reports it owes, and (month, targets reported, shade 0 to 4)."""

    status: DepartmentStatus
    before: Fraction | None
    missing: int
    months: Sequence[tuple[int, int, int]]


class Whole(NamedTuple):
    """All departments together: commitments, targets, their lights, the completion and that of the month before."""

    commitments: int
    targets: int
    lights: Mapping[Light, int]
    completion: Fraction | None
    before: Fraction | None


_STANDING: Columns[Standing] = (
    status.TARGET.pick("light").within(lambda standing: standing.status)
    + Columns(Column("department", "部门", lambda standing: standing.section.commitment.department, LABEL))
    + status.TARGET.pick("name goal actual completion expected").within(lambda standing: standing.status)
    + Columns(
        Column("gap", "差距", lambda standing: gap_text(standing.status, standing.section.points), FIGURE),
        Column("turn", "较上月", lambda standing: standing.turn, FIGURE),
        Column(
            "why",
            "说明",
            lambda standing: format_official("；".join(remarks_of(standing.status))) or None,
            missing="—",
        ),
    )
)
_RANKED: Columns[Ranked] = (
    score.DEPARTMENT.pick("place name score weighted_score")
    .titled(weighted_score="按难度加权得分")
    .within(
        lambda ranked: ScoredDepartment(
            ranked.department.department, ranked.score, ranked.place.place, None, ()
        )
    )
)
_LIGHTS = " ".join(f"_{light.name}" for light in Light)
_OVERVIEW: Columns[OverviewRow] = (
    status.DEPARTMENT.pick("_starred commitments targets completion")
    .titled(commitments="事项")
    .within(lambda row: row.status)
    + Columns(
        Column(
            "change",
            "较上月",
            lambda row: change_text(row.status.completion.value, row.before) or None,
            FIGURE,
            "—",
        )
    )
    + status.DEPARTMENT.pick(_LIGHTS).within(lambda row: row.status)
    + Columns(
        Column("missing", "未报送", lambda row: row.missing, COUNT),
        Column("months", "各月报送", lambda _: ""),
    )
)


def targets_table(standings: Iterable[Standing], beside: str) -> HtmlTable:
    """Return the table of targets that need attention; `beside` is the last column: gap or turn."""
    return _table(standings, f"light department name goal actual completion expected {beside}")


def worse_table(rows: Iterable[tuple[Standing, str | None]]) -> HtmlTable:
    """Return the table of targets whose light is worse, with the light they had."""
    columns: Columns[tuple[Standing, str | None]] = _STANDING.pick(
        "light department name goal actual completion expected"
    ).within(lambda row: row[0]) + Columns(Column("before", "原为", lambda row: row[1], FIGURE, "—"))
    return make_table(
        columns,
        rows,
        name="name",
        link=lambda row: f"#{anchor_of(row[0].section.commitment.id, row[0].status.key)}",
        attributes=lambda row: {
            "data-dept": row[0].section.commitment.department,
            "data-light": row[0].status.light.value,
        },
    )


def reasons_table(standings: Iterable[Standing], light: Light, title: str) -> HtmlTable:
    """Return the table of targets of a light with the reason, under a title for it."""
    chosen = (standing for standing in standings if standing.status.light is light)
    return _table(chosen, "department name goal why", why=title)


def _table(standings: Iterable[Standing], keys: str, **titles: str) -> HtmlTable:
    return make_table(
        _STANDING.pick(keys).titled(**titles),
        standings,
        name="name",
        link=lambda standing: f"#{anchor_of(standing.section.commitment.id, standing.status.key)}",
        attributes=lambda standing: {
            "data-dept": standing.section.commitment.department,
            "data-light": standing.status.light.value,
        },
    )


def ranking_table(ranking: Iterable[Ranked]) -> HtmlTable:
    """Return the departments by their places."""
    return make_table(
        _RANKED,
        ranking,
        name="name",
        attributes=lambda ranked: {"data-dept": ranked.department.department.name},
    )


def overview_table(data: ReportData, whole: Whole) -> HtmlTable:
    """Return the line of each department, and that of all together."""
    owed = {each.department.name: len(each.to_report) for each in data.due.departments}
    before = (
        {each.department.name: each.completion.value for each in data.previous.departments}
        if data.previous
        else {}
    )
    rows = [
        OverviewRow(department, before.get(name), owed.get(name, 0), _reported_months(data, department))
        for department in data.status.departments
        for name in (department.department.name,)
    ]
    table = make_table(
        _OVERVIEW,
        rows,
        name="_starred",
        link=lambda row: f"#d-{row.status.department.name}",
        attributes=lambda row: {"data-dept": row.status.department.name},
        graphics={
            "completion": lambda row: _bar(row.status.completion.value),
            "months": lambda row: _strip(row.months),
        },
    )
    texts = [
        "合计",
        str(whole.commitments),
        str(whole.targets),
        percent(whole.completion),
        change_text(whole.completion, whole.before) or "—",
        *(str(whole.lights[light] or "") for light in Light),
        str(sum(owed.values()) or ""),
        "",
    ]
    cells = [HtmlCell(text) for text in texts]
    cells[3] = HtmlCell(texts[3], graphic=_bar(whole.completion))
    return table._replace(total=HtmlRow(tuple(cells)))


def change_text(now: Fraction | None, before: Fraction | None) -> str:
    """Return the change in percentage points: `▲6.8`, empty where it cannot be told."""
    if now is None or before is None:
        return ""
    change = now - before
    return f"{'▲' if change > 0 else '▼'}{percent(abs(change)).removesuffix('%')}" if change else "持平"


def anchor_of(commitment: str, key: str = "") -> str:
    """Return the name by which a commitment or one of its targets is linked within the page."""
    return f"t-{commitment}/{key}" if key else f"c-{commitment}"


def _reported_months(data: ReportData, department: DepartmentStatus) -> tuple[tuple[int, int, int], ...]:
    """Return for each month up to the day asked for how many targets were reported, and a shade from 0 to 4."""
    as_of = data.status.as_of
    sections: Iterable[CommitmentSection] = (
        section for section in data.sections if section.commitment.department == department.department.name
    )
    reported = {
        (entry.entry.on.month, section.commitment.id, entry.entry.target)
        for section in sections
        for entry in section.entries
        if entry.counts and entry.entry.on.year == as_of.year
    }
    counts = Counter(month for month, _, _ in reported)
    return tuple(
        (month, counts[month], -(-4 * counts[month] // max(1, department.targets)))
        for month in range(1, as_of.month + 1)
    )


def _bar(completion: Fraction | None) -> Markup:
    width = percent(completion, "0%")
    drawing = (
        '<svg class="bar" aria-hidden="true"><rect class="all" width="100%" height="100%"></rect>'
        f'<rect width="{width}" height="100%"></rect></svg> '
    )
    return Markup(drawing)  # noqa: S704 - a number of this program


def _strip(months: Iterable[tuple[int, int, int]]) -> Markup:
    """Return a square for each month, the darker the more targets were reported."""
    spoken = "、".join(f"{month}月{count}" for month, count, _ in months)
    squares = "".join(
        f'<rect class="s{shade}" x="{(month - 1) * 8}" width="7" height="10"/>' for month, _, shade in months
    )
    drawing = f'<svg class="strip" viewBox="0 0 96 10" role="img" aria-label="各月报送的目标数：{spoken}">{squares}</svg>'
    return Markup(drawing)  # noqa: S704 - numbers of this program
