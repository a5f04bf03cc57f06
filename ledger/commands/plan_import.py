"""Makes drafts of a whole plan from an office's file, and adds the departments that it names to the ledger."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from ledger.commands.draft.material import DraftPlan, prepare_drafts, write_drafts
from ledger.core.errors import LedgerError, UsageError
from ledger.documents import Material, Row, read_file
from ledger.documents.model import AskColumns
from ledger.extract import draft
from ledger.extract.source import read_source, units_of_note
from ledger.files import configtext, layout
from ledger.files.ledger import Ledger

_SECTION = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.、．])"
)
_YEAR = re.compile(r"(?<![到至－—-])(20[1-4]\d)\s*年")
_PLANNED = re.compile(
    r"(20[1-4]\d)\s*年(?:度)?(?![^。；，]{0,8}(?:完成|实绩|实际|回顾|总结|执行|取得|以来|基数|基准|基期|现状))"
    r"[^。；，\d]{0,16}?(?:目标|计划|任务|要点|重点工作|实事|责任书|预期|安排|清单|分解|考核)"
)


class UnknownDepartmentsOfPlanError(LedgerError):
    """Departments of a plan that an existing ledger does not have."""

    def __init__(self, unknown: Sequence[str], known: Sequence[str]) -> None:
        super().__init__(
            f"{len(unknown)} 个部门不在 data/ledger.yaml 中：{'、'.join(unknown[:20])}",
            f"确是新部门的加 --add-departments；写法不同的改成其中之一，或加为别名：{'、'.join(known)}",
        )


@dataclass(frozen=True)
class ImportedPlan:
    """A plan read from a file: the drafts to write, the departments to add, and the rows that state no goal."""

    plan: DraftPlan
    departments: tuple[str, ...]
    without_goals: tuple[Row, ...]


def prepare_import(
    ledger: Ledger, year: int, material: Material, *, department: str = "", add_departments: bool = False
) -> ImportedPlan:
    """Draft every row that states a goal; nothing is written yet.

    The department of a row is that of its table, else the first unit that its own words make responsible, else `department`. In a
    ledger without departments all that the plan names are added; in another only with `add_departments`.

    Raises:
        UnknownDepartmentsOfPlanError: when the ledger has departments, and others are named.
        UsageError: when a row has no department.
        LedgerError: what `draft.material.prepare` raises.
    """
    rows, idle = _with_owners(material, year, department)
    if not rows:
        raise UsageError(f"{material.name} 里没有读出目标", "先用 ledger draft 文件 看读成了什么")
    nameless = [row for row in rows if not row.department]
    if nameless:
        raise UsageError(
            f"{len(nameless)} 项没有责任单位（如 {nameless[0].place}：{nameless[0].text[:20]}）",
            "全归一个部门的加 --department 部门；否则在原件里写上（责任单位：…）或责任单位一列",
        )
    unknown = _unknown_departments(ledger, rows)
    known = [department.name for department in ledger.config.departments]
    if unknown and known and not add_departments:
        raise UnknownDepartmentsOfPlanError(unknown, known)
    drafted = prepare_drafts(
        ledger, year, replace(material, rows=tuple(rows), beside=()), accept_departments=unknown
    )
    return ImportedPlan(drafted, unknown, tuple(idle))


def apply_import(ledger: Ledger, year: int, imported: ImportedPlan, *, city: str = "") -> None:
    """Write the drafts, and the departments, year and city into the ledger's configuration.

    Raises:
        DraftExistsError: when a draft was written meanwhile.
    """
    write_drafts(ledger, imported.plan)
    path = ledger.root / layout.CONFIG
    text = path.read_text(encoding="utf-8")
    changed = configtext.with_departments(text, imported.departments)
    if not ledger.years:
        changed = re.sub(r"(?m)^year:.*$", f"year: {year}", changed, count=1)
    if city:
        changed = configtext.with_city(changed, city)
    if changed != text:
        path.write_text(changed, encoding="utf-8", newline="\n")


def year_of(material: Material) -> int | None:
    """Return the year that a plan's name or its first words give: 2024年目标责任书.

    A year of which a plan is said (2025年工作安排) comes before one of which results are (2024年完成情况).
    """
    words = [material.name, *(row.text[:80] for row in (*material.beside, *material.rows)[:12])]
    if (planned := planned_year(words)) is not None:
        return planned
    named = next((years for text in words[:4] if (years := _YEAR.findall(text))), None)
    return max(map(int, named)) if named else None


def planned_year(words: Sequence[str]) -> int | None:
    """Return the first year of which texts say that it is planned for: 2025年工作安排."""
    return next((int(match[1]) for text in words for match in _PLANNED.finditer(text)), None)


def _with_owners(material: Material, year: int, department: str) -> tuple[list[Row], list[Row]]:
    """The rows that state goals, each with its department, and the others.

    A row whose goals are of several departments is cut into one for each. A heading that names who is responsible says it for the
    rows below it that name nobody.
    """
    rows: list[Row] = []
    idle: list[Row] = []
    heading: tuple[str, ...] = ()
    for row in (part for whole in (*material.rows, *material.beside) for part in _by_owner(whole, year)):
        targets = draft(row.text, row.title, year=year, past=row.past).targets
        if not targets and _SECTION.match(row.text):
            heading = tuple(
                unit for note in read_source(row.text).notes for unit in units_of_note(note.words)
            )
        if row.place in {beside.place for beside in material.beside} and not any(
            target.value for target in targets
        ):
            continue
        if not targets:
            idle.append(row)
            continue
        owners = [*filter(None, [row.department]), *row.partners]
        for target in targets:
            owners += target.owners
        owners = list(dict.fromkeys(owners or heading)) or [department]
        rows.append(replace(row, department=owners[0], partners=tuple(owners[1:])))
    return rows, idle


def _by_owner(row: Row, year: int) -> list[Row]:
    """Return the row, or a row for each run of goals of one department: 1.…（责任单位：甲局）2.…（责任单位：乙局）."""
    if row.department or row.past:
        return [row]
    targets = sorted(
        (target for target in draft(row.text, row.title, year=year).targets if not target.in_title),
        key=lambda target: target.span,
    )
    marks = [start for start, _ in read_source(row.text).marks]
    owners = [target.owners for target in targets]
    for number in range(len(targets) - 2, -1, -1):  # a remark at the end of an item is for all of it
        low, high = targets[number].span[0], targets[number + 1].span[0]
        if not owners[number] and not any(low < mark <= high for mark in marks):
            owners[number] = owners[number + 1]
    cuts = [
        _cut(row.text, before.span[1], after.span[0])
        for number, (before, after) in enumerate(pairwise(targets))
        if owners[number] != owners[number + 1] and before.span[1] <= after.span[0]
    ]
    if not cuts:
        return [row]
    edges = [0, *cuts, len(row.text)]
    parts = [row.text[low:high].strip() for low, high in pairwise(edges)]
    return [replace(row, text=part) for part in parts if part]


def _cut(text: str, low: int, high: int) -> int:
    """Return where an item ends between two goals: behind the last bracket or stop there."""
    return max(
        (at + 1 for mark in "）)】]。；;\u3000\n" if (at := text.rfind(mark, low, high)) >= 0), default=high
    )


def _unknown_departments(ledger: Ledger, rows: Sequence[Row]) -> tuple[str, ...]:
    names = dict.fromkeys(row.department for row in rows)
    return tuple(name for name in names if ledger.config.department(name) is None)


def read_plan(
    path: Path, year: int | None, *, ask: AskColumns | None = None, hidden: bool = False
) -> Material:
    """Return what a file holds, in the year that it names itself where none is given."""
    material = read_file(path, year=year, ask=ask, hidden=hidden)
    named = year_of(material)
    if year is None and named is not None:
        return read_file(path, year=named, ask=ask, hidden=hidden)
    return material
