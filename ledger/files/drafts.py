"""Draft files: list, read, write without overwriting, and move a confirmed one into the plan.

Drafts are kept in `data/drafts`, which no command that makes figures reads.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ledger.core.errors import LedgerError
from ledger.core.findings import Finding
from ledger.core.models import Commitment
from ledger.core.models.drafts import DraftCommitment
from ledger.files import layout
from ledger.files.commitmentfile import encode
from ledger.files.ledger import Ledger, read_document
from ledger.files.yaml_reader import Document, parse

LAST = 99


class DraftExistsError(LedgerError):
    """A file of that number exists."""

    def __init__(self, path: PurePosixPath) -> None:
        super().__init__(f"{path} 已经有了，没有覆盖", "用 --number 换一个序号，或先看看那个文件")


class NoNumberLeftError(LedgerError):
    """All two-digit numbers of the department are taken."""

    def __init__(self, department: str, year: int) -> None:
        super().__init__(
            f"{department} {year} 年的 {LAST} 个序号都用完了", "检查 data/drafts 里有没有重复的草稿"
        )


class FolderNameError(LedgerError):
    """The department's name cannot be a folder."""

    def __init__(self, department: str) -> None:
        super().__init__(f"“{department}”不能作部门名称", "部门名称里不要有空格、斜杠，也不要以点开头")


@dataclass(frozen=True)
class DraftSource:
    """One draft and the file it was read from."""

    path: PurePosixPath
    document: Document
    commitment: DraftCommitment


def paths(root: Path, year: int | None = None) -> Iterator[PurePosixPath]:
    """Yield the paths of all drafts, or of one year's, by year, department and number."""
    base = root / layout.DRAFTS
    pattern = f"{year if year is not None else '*'}/*/*.yaml"
    for file in sorted(base.glob(pattern)) if base.is_dir() else ():
        yield layout.DRAFTS / PurePosixPath(file.relative_to(base).as_posix())


def read_draft(ledger: Ledger, path: PurePosixPath) -> DraftSource | tuple[Finding, ...]:
    """Read one draft, or say all that is wrong with it."""
    parsed = parse((ledger.root / path).read_bytes(), str(path))
    if isinstance(parsed, Finding):
        return (parsed,)
    draft, findings = read_document(DraftCommitment, parsed, str(path), ledger.units)
    return DraftSource(path, parsed, draft) if draft is not None else findings


def taken(root: Path, year: int, department: str) -> set[int]:
    """Return the numbers that a department's commitments and drafts of a year have."""
    numbers: set[int] = set()
    for base in (layout.TARGETS, layout.DRAFTS):
        folder = root / base / str(year)
        for entry in folder.iterdir() if folder.is_dir() else ():
            if unicodedata.normalize("NFC", entry.name) == department:
                numbers |= {int(file.stem) for file in entry.glob("*.yaml") if file.stem.isdecimal()}
    return numbers


def next_number(root: Path, year: int, department: str, also: set[int]) -> int:
    """Return the first number behind all that are taken, on disk or by `also`.

    Raises:
        NoNumberLeftError: when there is none.
        FolderNameError: when the department cannot be a folder.
    """
    sound_name(department)
    number = max(taken(root, year, department) | also, default=0) + 1
    if number > LAST:
        raise NoNumberLeftError(department, year)
    return number


def sound_name(department: str) -> None:
    """Refuse a department that would lead out of the ledger.

    Raises:
        FolderNameError: when it does.
    """
    bad = (
        not department
        or department.startswith(".")
        or any(letter in "/\\:" or letter.isspace() for letter in department)
    )
    if bad or not department.isprintable():
        raise FolderNameError(department)


def write_new(root: Path, path: PurePosixPath, draft: Commitment) -> None:
    """Write a file that must not exist yet.

    Raises:
        DraftExistsError: when it does.
    """
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(encode(draft))
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError:
        raise DraftExistsError(path) from None


def replace_draft(root: Path, path: PurePosixPath, draft: DraftCommitment) -> None:
    """Write a draft again, whole or not at all."""
    file = root / path
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(encode(draft))
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def confirmable(root: Path, commitment: Commitment) -> PurePosixPath:
    """Return where a confirmed commitment would be written.

    Raises:
        DraftExistsError: when the plan has a commitment of that number.
    """
    department, number = commitment.id.rsplit("-", 1)
    target = layout.targets_file(commitment.year, department, number)
    if (root / target).exists():
        raise DraftExistsError(target)
    return target


def confirm(root: Path, path: PurePosixPath, commitment: Commitment) -> PurePosixPath:
    """Write a confirmed commitment into the plan and take its draft away; return its path.

    Raises:
        DraftExistsError: when the plan has a commitment of that number; the draft stays.
    """
    target = confirmable(root, commitment)
    write_new(root, target, commitment)
    file = root / path
    file.unlink()
    for folder in file.parents[:2]:
        if not any(folder.iterdir()):
            folder.rmdir()
    return target
