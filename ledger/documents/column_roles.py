"""What columns hold where their headings leave it open: decided by the cells below and by the other columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from ledger.documents.heading_roles import HeadedColumn, is_unit
from ledger.documents.model import GridRow

_BODY = re.compile(
    r"(?:[局委办厅处部院镇乡科室]|中心|街道|公司|集团|银行|政府|[大总支]队|联合会|[残妇]联|管委会|法院|学校|园区|[县区市]|协会|系|组|站|所)$"
)
NUMBER = re.compile(
    r"[≥≤<>＞＜±约超过不低高少于大小]{0,4}\s*[-−]?\d[\d,.]*\s*(?:[%‰％])?(?:以上|以下|以内|左右|及以上)?"
)
_SIGN = re.compile(r"[≥≤><=＝＞＜≧≦]|大于等于|小于等于|等于|大于|小于|不低于|不高于|定性|定量")


def resolve_roles(
    columns: list[HeadedColumn], lines: Sequence[GridRow], year: int | None
) -> tuple[HeadedColumn, ...] | None:
    """Return the columns with doubtful roles decided by the cells below; None where they are no plan's."""
    columns = [_by_cells(column, columns, lines) for column in columns]
    columns = _by_year(columns, year)
    for decide in _DECISIONS:
        columns = decide(columns, lines)
        if "measure" in _in_roles(columns):
            return tuple(columns)
    roles = _in_roles(columns)
    known = sum(column.role not in {"", "year", "planned"} for column in columns)
    enough = {"goal", "indicator"} <= roles or ("text" in roles and known >= 2)
    return tuple(columns) if enough else None


def _in_roles(columns: Sequence[HeadedColumn]) -> set[str]:
    return {column.role for column in columns}


def _with_role(columns: Sequence[HeadedColumn], places: Collection[int], role: str) -> list[HeadedColumn]:
    return [replace(column, role=role) if column.at in places else column for column in columns]


def _goal_of_text(columns: list[HeadedColumn], lines: Sequence[GridRow]) -> list[HeadedColumn]:
    """Beside an indicator a column of texts that are mostly figures holds the goals."""
    roles = _in_roles(columns)
    if "goal" in roles or not {"indicator", "text"} <= roles:
        return columns
    figures = {column.at for column in columns if column.role == "text" and _numeric(column, lines) >= 0.5}
    return _with_role(columns, figures, "goal")


def _goal_of_figures(columns: list[HeadedColumn], lines: Sequence[GridRow]) -> list[HeadedColumn]:
    """The only column of figures under an unknown heading holds the goals, where another column has words."""
    if {"goal", "indicator"} & _in_roles(columns):
        return columns
    figures = {
        column.at
        for column in columns
        if not column.role and column.heading and _numeric(column, lines) >= 0.7
    }
    return _with_role(columns, figures, "goal") if len(figures) == 1 and _wordy(columns, lines) else columns


def _indicator_of_subject(columns: list[HeadedColumn], lines: Sequence[GridRow]) -> list[HeadedColumn]:
    """Goals without an indicator belong to the column that names their subject."""
    roles = _in_roles(columns)
    if "goal" not in roles or "indicator" in roles or not {"title", "text"} & roles:
        return columns
    return _with_role(columns, {_subject_column(columns, lines)}, "indicator")


def _text_of_last(columns: list[HeadedColumn], _: Sequence[GridRow]) -> list[HeadedColumn]:
    """Without goals and texts the last title states the goal, and so does the last indicator that stands beside others."""
    roles = _in_roles(columns)
    if {"text", "goal"} & roles:
        return columns
    last = {column.role: column.at for column in columns}
    named = sum(bool(column.role) for column in columns)
    texts = {
        last[role] for role in ("title", "indicator") if role in roles and (role == "title" or named > 1)
    }
    return _with_role(columns, texts, "text")


def _department_of_supervisor(columns: list[HeadedColumn], _: Sequence[GridRow]) -> list[HeadedColumn]:
    """Where no column names departments, those that lead are meant."""
    if "department" in _in_roles(columns):
        return columns
    leading = {column.at for column in columns if column.role == "supervisor"}
    return _with_role(columns, leading, "department")


def _by_cells(
    column: HeadedColumn, columns: Sequence[HeadedColumn], lines: Sequence[GridRow]
) -> HeadedColumn:
    """单位 is a unit where units stand below, and else a department; 目标 is a goal where numbers stand below."""
    cells = [
        line.cells[column.at].strip()
        for line in lines
        if column.at < len(line.cells) and line.cells[column.at].strip()
    ]
    if cells and column.role not in {"goal", "text"} and all(_SIGN.fullmatch(cell) for cell in cells):
        return replace(column, role="sign")
    if column.role == "indicator" and len(columns) > 1 and _numeric(column, lines) >= 0.7:
        return replace(column, role="goal")
    if column.role == "unit":
        units, bodies = sum(map(is_unit, cells)), sum(bool(_BODY.search(cell)) for cell in cells)
        return (
            replace(column, role="department")
            if bodies > units
            or (
                not cells
                and _role_count(columns, "department") == 0
                and _role_count(columns, "indicator") == 0
            )
            else column
        )
    strict = any(re.fullmatch(r"承诺(?:事项|内容|项目)", other.heading.strip()) for other in columns)
    if column.role == "text" and cells and not strict and _numeric(column, lines) >= 0.7:
        return replace(column, role="goal")
    if column.role == "goal" and cells and sum(len(cell) > 24 for cell in cells) > len(cells) / 2:
        return replace(column, role="text")
    return column


def _by_year(columns: list[HeadedColumn], year: int | None) -> list[HeadedColumn]:
    """Of columns that only name years, the plan's year is the goal, and the year before it the baseline.

    A column that says 目标 or 计划 beside its year comes before one that only names a year.
    """
    dated = [c for c in columns if c.role in {"year", "planned"}]
    if not dated:
        return columns
    if any(c.role == "goal" for c in columns):
        return [replace(c, role="baseline") if c in dated else c for c in columns]
    years = sorted({c.year or 0 for c in dated if c.role == "planned"} or {c.year or 0 for c in dated})
    chosen = year if year in years else years[-1]
    roles = {c.at: _dated_role(c, chosen, dated) for c in dated}
    return [replace(c, role=roles.get(c.at, c.role)) for c in columns]


def _measures(columns: list[HeadedColumn], lines: Sequence[GridRow]) -> list[HeadedColumn]:
    """Return the columns of a table that gives each unit its share, a column for each indicator: 单位 | 到位资金（亿元） | 新开工项目（个）."""
    roles = [c.role for c in columns]
    owner = next((c for c in columns if c.role in {"department", "unit"}), None)
    if owner is None or "indicator" in roles or len(lines) < 2:
        return columns
    owners = [line.cells[owner.at] for line in lines if owner.at < len(line.cells) and line.cells[owner.at]]
    named = sum(bool(_BODY.search(re.sub(r"\s", "", cell))) for cell in owners)
    if (
        not owners
        or named < len(owners) / 2
        or any(c.role in {"title", "text"} and _numeric(c, lines) < 0.5 for c in columns)
    ):
        return columns
    measures = [
        c
        for c in columns
        if c.at > owner.at
        and c.role in {"", "goal", "text", "title"}
        and c.heading
        and _numeric(c, lines) >= 0.7
    ]
    if not any(c.unit or _shows_units(c, lines) for c in measures):
        return columns
    at = {c.at for c in measures}
    return [
        replace(c, role="measure") if c.at in at else replace(c, role="department") if c is owner else c
        for c in columns
    ]


def _shows_units(column: HeadedColumn, lines: Sequence[GridRow]) -> bool:
    """Return whether the cells of a column hold figures with units: 120户."""
    cells = [line.cells[column.at] for line in lines if column.at < len(line.cells) and line.cells[column.at]]
    return sum(bool(re.search(r"\d\s*[^\d\s.,]", cell)) for cell in cells) > len(cells) / 2


def _subject_column(columns: Sequence[HeadedColumn], lines: Sequence[GridRow]) -> int:
    """Return the column that names what the goals are of: the short words beside them, else the titles."""
    titles = [c.at for c in columns if c.role == "title"]
    texts = [c.at for c in columns if c.role == "text"]
    goal = next(c.at for c in columns if c.role == "goal")
    near = [at for at in texts if at == goal - 1]
    if titles and near:
        cells = [line.cells[near[0]] for line in lines if near[0] < len(line.cells) and line.cells[near[0]]]
        short = sum(len(cell) <= 16 and not re.search(r"\d[^A-Za-z]*$", cell) for cell in cells)
        if cells and short > len(cells) / 2:
            return near[0]
    return max(titles or texts)


def _wordy(columns: Sequence[HeadedColumn], lines: Sequence[GridRow]) -> bool:
    """Return whether the columns that should state goals hold words without figures: 项目名称 | 数."""
    cells = [
        line.cells[c.at]
        for c in columns
        if c.role in {"text", "title"}
        for line in lines
        if c.at < len(line.cells) and line.cells[c.at]
    ]
    return len(cells) > 1 and not any(re.search(r"\d", cell) for cell in cells)


def _dated_role(column: HeadedColumn, chosen: int, dated: Sequence[HeadedColumn]) -> str:
    if column.year != chosen:
        return "baseline" if (column.year or 0) < chosen else "other"
    planned = any(other.role == "planned" and other.year == chosen for other in dated)
    return "goal" if column.role == "planned" or not planned else "baseline"


def _role_count(columns: Sequence[HeadedColumn], role: str) -> int:
    return sum(column.role == role for column in columns)


def _numeric(column: HeadedColumn, lines: Sequence[GridRow]) -> float:
    cells = [
        line.cells[column.at].strip()
        for line in lines
        if column.at < len(line.cells) and line.cells[column.at].strip()
    ]
    amounts = sum(
        bool(NUMBER.match(cell)) and len(cell) <= 14 and not re.match(r"\d{1,3}[.、．]\D", cell)
        for cell in cells
    )
    return amounts / len(cells) if cells else 0.0


_DECISIONS = (
    _measures,
    _goal_of_text,
    _goal_of_figures,
    _indicator_of_subject,
    _text_of_last,
    _department_of_supervisor,
)
"""What decides doubtful roles, in this order; each sees what the ones before it decided."""
