"""Drafts a paragraph or a whole plan, and writes draft files without overwriting any."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from ledger.commands.draft.compose import CommitmentHead, build
from ledger.core.errors import LedgerError, UsageError
from ledger.core.models.drafts import DraftCommitment
from ledger.documents import Material, Row
from ledger.extract import Draft, draft
from ledger.files import drafts, layout
from ledger.files.ledger import InvalidLedgerError, Ledger, Source

_MARK = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．](?:(?!\d)|(?=\d{1,2}月))|[①-⑳])\s*")


class UnknownDepartmentsError(LedgerError):
    """Departments of the material that the ledger does not have."""

    def __init__(self, unknown: Sequence[tuple[str, str]], ledger: Ledger) -> None:
        lines = "\n".join(f"  {place}：{name}" for place, name in unknown[:20])
        known = "、".join(department.name for department in ledger.config.departments)
        super().__init__(
            f"{len(unknown)} 行的部门不在 data/ledger.yaml 中，一行也没有写入：\n{lines}",
            f"改成其中之一：{known}；或先在 data/ledger.yaml 里加上部门（或别名）",
        )


class MissingDepartmentError(UsageError):
    """Neither the material nor the command names the department of the commitment."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place}没有部门，不知道写到哪里", "加 --department 部门，或在表里填上部门列")


@dataclass(frozen=True)
class Paragraph:
    """One paragraph and what it was read as."""

    row: Row
    result: Draft


@dataclass(frozen=True)
class WrittenDraft:
    """One draft and the file it is in, or would be in."""

    row: Row
    path: PurePosixPath
    commitment: DraftCommitment


@dataclass(frozen=True)
class DraftPlan:
    """What a material gives: new drafts, rows the ledger holds already, and what the reader assumed."""

    material: Material
    written: tuple[WrittenDraft, ...]
    known: tuple[tuple[Row, str], ...]


def paragraph(text: str, title: str = "", department: str = "", year: int | None = None) -> Paragraph:
    """Draft one paragraph."""
    return _drafted(Row("", text, title, department), department, year)


def preview_drafts(
    material: Material, department: str = "", year: int | None = None
) -> tuple[Paragraph, ...]:
    """Draft every row without a ledger, and the paragraphs beside the tables that state figures; writes nothing."""
    rows = [_drafted(row, department, year) for row in material.rows]
    beside = [_drafted(row, department, year) for row in material.beside]
    return (
        *rows,
        *(paragraph for paragraph in beside if any(target.value for target in paragraph.result.targets)),
    )


def _drafted(row: Row, department: str, year: int | None) -> Paragraph:
    return Paragraph(row, draft(row.text, row.title, row.department or department, year, past=row.past))


def prepare_drafts(
    ledger: Ledger,
    year: int,
    material: Material,
    *,
    title: str = "",
    department: str = "",
    number: int | None = None,
    accept_departments: Collection[str] = (),
) -> DraftPlan:
    """Draft every row into a file of its own; nothing is written yet. `accept_departments` are those to be added to the ledger.

    A row whose department, title and text the year's plan or drafts hold already is passed over, so that a plan can be read again
    after rows were added. A row without a title takes the first clause of its text.

    Raises:
        UnknownDepartmentsError, MissingDepartmentError, DraftExistsError, NoNumberLeftError, FolderNameError: before anything is written.
        InvalidLedgerError: when files of the year cannot be read, because what is there already is then unknown.
    """
    if number is not None and len(material.rows) != 1:
        raise UsageError(
            f"--number 只能用于一项承诺，这里有 {len(material.rows)} 项", "去掉 --number，序号自动接排"
        )
    owners = _owners(ledger, material, department, accept_departments)
    present = _present(ledger, year)
    numbers: dict[str, set[int]] = defaultdict(set)
    written, known = [], []
    for row, owner in zip(material.rows, owners, strict=True):
        heading = row.title or title or first_clause(row.text)
        if (existing := present.get((owner, heading, row.text))) is not None:
            known.append((row, existing))
            continue
        chosen = number or drafts.next_number(ledger.root, year, owner, numbers[owner])
        drafts.sound_name(owner)
        if chosen in drafts.taken(ledger.root, year, owner):
            raise drafts.DraftExistsError(layout.draft_file(year, owner, f"{chosen:02d}"))
        numbers[owner].add(chosen)
        head = CommitmentHead(
            f"{owner}-{chosen:02d}", owner, heading, year, row.text, row.difficulty, row.partners
        )
        drafted = build(head, ledger.units)
        path = layout.draft_file(year, owner, f"{chosen:02d}")
        written.append(WrittenDraft(row, path, drafted.commitment))
        present[owner, heading, row.text] = head.id
    return DraftPlan(material, tuple(written), tuple(known))


def write_drafts(ledger: Ledger, plan: DraftPlan) -> None:
    """Write the prepared drafts.

    Raises:
        DraftExistsError: when somebody was quicker; what was written before it stays.
    """
    for draft_file in plan.written:
        drafts.write_new(ledger.root, draft_file.path, draft_file.commitment)


def first_clause(text: str) -> str:
    """Return the text up to its first stop and without its item mark, as a heading for a paragraph that has none."""
    text = (
        re.sub(r"[（(](?:责任|牵头|主办|承办|落实|完成)[^（）()]{0,6}[：:].*", "", _MARK.sub("", text))
        or text
    )
    ends = [at for mark in "，。；！？\u3000" if (at := text.find(mark)) > 0]
    return text[: min(ends, default=len(text))][:60].strip()


def _owners(ledger: Ledger, material: Material, department: str, accepted: Collection[str]) -> list[str]:
    owners: list[str] = []
    unknown: list[tuple[str, str]] = []
    for row in material.rows:
        name = row.department or department
        if not name:
            raise MissingDepartmentError(f"{material.name} {row.place}")
        listed = ledger.config.department(name)
        if listed is None and ledger.config.departments and name not in accepted:
            unknown.append((row.place, name))
        current = ledger.find_departments(name)
        owners.append(current[0].name if len(current) == 1 else listed.name if listed else name)
    if unknown:
        raise UnknownDepartmentsError(unknown, ledger)
    return owners


def _present(ledger: Ledger, year: int) -> dict[tuple[str, str, str], str]:
    sources: list[Source | drafts.DraftSource] = list(ledger.load_plan(year))
    for path in drafts.paths(ledger.root, year):
        source = drafts.read_draft(ledger, path)
        if not isinstance(source, drafts.DraftSource):
            raise InvalidLedgerError(source)
        sources.append(source)
    return {
        (source.commitment.department, source.commitment.title, source.commitment.text): source.commitment.id
        for source in sources
    }
