"""The parts of a report page, as its template reads them."""

from __future__ import annotations

from ledger.core.structs import FrozenStruct
from ledger.render.html.months import MonthRows
from ledger.render.html.quotes import Piece
from ledger.render.html.table import Chip, HtmlTable


class TargetPart(FrozenStruct):
    """One target of a commitment."""

    number: int
    key: str
    sign: str
    anchor: str
    name: str
    kind: str
    goal: str
    actual: str
    on: str
    completion: str
    expected: str
    gap: str
    turn: str
    due: str
    chip: Chip
    quote: str
    remarks: tuple[str, ...]
    svg: str
    drawn: bool
    paced: bool
    no_curve: str
    months: tuple[MonthRows, ...]
    entries: int


class CommitmentPart(FrozenStruct):
    """One commitment; `letters` are the pinyin initials of its names, for the search."""

    id: str
    anchor: str
    letters: str
    title: tuple[Piece, ...]
    text: tuple[Piece, ...]
    chip: Chip
    completion: str
    difficulty: str
    partners: str
    closed: str
    targets: tuple[TargetPart, ...]


class DepartmentPart(FrozenStruct):
    """One department with its commitments."""

    name: str
    anchor: str
    letters: str
    inferred: bool
    completion: str
    uncounted: int
    place: str
    commitments: tuple[CommitmentPart, ...]


class Headline(FrozenStruct):
    """A headline figure of the first page: its title, the figure, and the text beside it."""

    title: str
    figure: str
    beside: str
    name: str = ""


class ChangeGroup(FrozenStruct):
    """The changes of one kind: how many, and the first of them as (department, anchor, name, text)."""

    title: str
    count: int
    rows: tuple[tuple[str, str, str, str], ...]


class ReportPage(FrozenStruct):
    """The whole page."""

    ledger: str
    year: int
    as_of: str
    made_on: str
    simulated: bool
    inferred: bool
    rated: bool
    verified_only: bool
    """Whether places count verified figures alone."""
    headlines: tuple[Headline, ...]
    lights: tuple[Chip, ...]
    departments: tuple[DepartmentPart, ...]
    commitments: int
    targets: int
    overview: HtmlTable
    ranking: HtmlTable
    since: str
    """Since when changes are told: 上月底, or the day and month of the last seal."""
    sealed: bool
    worse: HtmlTable
    better: tuple[tuple[str, str, str], ...]
    """Targets whose light is better than then: department, anchor, name."""
    changes: tuple[ChangeGroup, ...]
    behind: HtmlTable
    causes: tuple[tuple[str, str, str, str, bool], ...]
    """Causes and measures of targets that are behind: department, anchor, name, text, whether the promise is overdue."""
    unexplained: int
    """How many targets are behind without a cause, where any has one."""
    returned: tuple[tuple[str, str, str, str], ...]
    """Figures sent back: department, anchor, name, text."""
    doubtful: tuple[tuple[str, str, str, str], ...]
    """Doubtful figures of the month: department, anchor, name, text."""
    verified: str
    """How much of what was reported is verified; empty where no figure was ever reviewed."""
    silent: tuple[tuple[str, int, int, str], ...]
    """Departments with reports missing: name, how many were due, how many are missing, the targets' names."""
    soon: tuple[tuple[str, str, str, str], ...]
    """Targets and steps due within 30 days: day, department, name, anchor."""
    soon_departments: tuple[tuple[str, int], ...]
    deadline: str
    due_month: str
    unreported: HtmlTable
    unknown: HtmlTable
    tip: str
    seal: str
    seal_label: str
    seal_asked: bool
    audit: str
