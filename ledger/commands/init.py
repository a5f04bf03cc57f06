"""Makes a new ledger: a git repository with the bundled plan, or an empty one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from ledger.core.errors import ExternalError, LedgerError
from ledger.files import layout
from ledger.files.configtext import with_admins, with_city, with_departments
from ledger.files.ids import new_id
from ledger.git import Commit, Identity, NotARepositoryError, Repo

GITATTRIBUTES = "* text=auto eol=lf\ndata/progress/** text eol=lf merge=union\n"

_EMPTY_CONFIG = """\
# yaml-language-server: $schema=../schemas/ledger.schema.json
name: {name}
year: {year}
# 部门按排列顺序写；reporters 是可为本部门记账的人的邮箱，不写则不限。例：
#   - {{name: 金融办, aliases: [市金融办], reporters: [zhang@example.gov.cn]}}
departments: []
# 哪些人可以做什么：reporters 本部门上报人、reviewers 督查（写在各部门下面），admins 管理员。
# 名单都空着时不限；管理员什么都可以做。改动承诺、评定难度、销号是督查或管理员的事。
roles:
  log: [reporters]
  judge: [reviewers]
  amend: [reviewers, admins]
  rate: [reviewers, admins]
  close: [reviewers, admins]
# 评定规则的版本，见 docs/reference/kinds.md。
rules: 2026
# 落后序时进度多少个百分点亮什么灯：不落后为正常，30 个百分点以内为滞后，再多为严重滞后。
lights:
  gap: points
  bands:
    - {{light: 正常, to: 0}}
    - {{light: 滞后, from: 0, to: 30}}
    - {{light: 严重滞后, from: 30}}
scoring: ratio
"""


class FolderInUseError(LedgerError):
    """The folder for a new ledger already holds something."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} 已存在且不是空文件夹，没有写入", "换一个不存在的文件夹名")


class CreateLedgerError(ExternalError):
    """Nothing may be written where the folder would be."""

    def __init__(self, folder: Path, above: Path) -> None:
        super().__init__(f"{folder} 建不了：{above} 不让写", "换一个自己能写的文件夹")


@dataclass(frozen=True)
class NewLedger:
    """Where the ledger was made, and its first commit."""

    root: Path
    commit: str
    commitments: int


@dataclass(frozen=True)
class Staff:
    """Who a new ledger names at once: departments, those who may judge their figures, admins beside its maker."""

    departments: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()


@dataclass(frozen=True)
class LedgerSetup:
    """Content of a new ledger: the bundled plan, or with `empty` none of a year. `simulated` marks every figure as made up."""

    empty: bool
    year: int
    city: str = ""
    staff: Staff = Staff()
    simulated: bool = False


M = TypeVar("M")
_PARTS = (".gitattributes", "data", "schemas", "keys", "templates")
"""What a ledger holds, below its root."""


def preview_ledger(folder: Path, make: Callable[[Path], M]) -> M:
    """Make a ledger in a temporary folder, as a dry run of making it in `folder`.

    Raises:
        FolderInUseError, CreateLedgerError: as making it there would.
        ExternalError: of `make`.
    """
    with TemporaryDirectory(prefix="ledger-") as aside:
        copy = Path(aside) / folder.name
        if _lacks_repository(folder):
            shutil.copytree(folder, copy)
        else:
            _refuse_in_use(folder)
        return make(copy)


def _message(empty: bool) -> str:
    """Return the message of the first commit, whose id identifies the ledger: a random id tells it from one made in the same second."""
    subject = "建立账本：空账本" if empty else "建立账本：2023 年度部门承诺 80 项"
    return f"{subject}\n\nLedger-Id: {new_id()}"


def _lacks_repository(folder: Path) -> bool:
    """Whether a ledger's files lie in a folder that is in no repository yet."""
    if not (folder / layout.CONFIG).is_file():
        return False
    try:
        Repo.open(folder)
    except NotARepositoryError:
        return True
    return False


def _refuse_in_use(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInUseError(folder)
    above = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not os.access(above, os.W_OK):
        raise CreateLedgerError(folder, above)


def init(
    folder: Path, setup: LedgerSetup, *, author: Identity | None = None, committed: str | None = None
) -> NewLedger:
    """Make a ledger in `folder`, which must not exist or be empty, and commit it; files of a ledger that has no repository are committed.

    The identity is checked before anything is written. `author` and `committed` (ISO 8601) stand in for the user's own.

    Raises:
        FolderInUseError, CreateLedgerError: when the folder holds something, or nothing may be written there.
        ExternalError: when git or the disk refuses, or no identity is configured in git.
    """
    if _lacks_repository(folder):
        repo = Repo.init(folder)
        repo.identity()
        commit = commit_ledger(repo, folder, author=author, date=committed)
        plans = sum(1 for _ in (folder / layout.TARGETS).rglob("*.yaml"))
        return NewLedger(folder, commit.short, plans)
    _refuse_in_use(folder)
    existed = folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        repo = Repo.init(folder)
        admin = author or repo.identity()
        written = _write(folder, setup)
        _name_staff(folder / layout.CONFIG, admin.email, setup.staff)
        if setup.simulated:
            _mark_simulated(folder / layout.CONFIG)
        commit = repo.commit(
            written,
            _message(setup.empty),
            author=author,
            date=committed,
        )
    except BaseException:
        if not existed:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    plans = sum(
        1 for path in written if path.is_relative_to(folder / layout.TARGETS) and path.suffix == ".yaml"
    )
    return NewLedger(folder, commit.short, plans)


def _name_staff(config: Path, email: str, staff: Staff) -> None:
    """Make the creator of the ledger an admin: without an admin, every change of its rules is a finding of the audit."""
    text = with_admins(config.read_text(encoding="utf-8"), (email, *staff.admins))
    text = with_departments(text, staff.departments, staff.reviewers)
    config.write_text(text, encoding="utf-8", newline="\n")


def commit_ledger(
    repo: Repo, root: Path, *, author: Identity | None = None, date: str | None = None
) -> Commit:
    """Commit the files of a ledger that lie in a repository without a commit, with the attributes that merging needs.

    Raises:
        CommitFailedError, MissingIdentityError, GitBusyError: from git.
    """
    attributes = root / ".gitattributes"
    if not attributes.exists():
        attributes.write_text(GITATTRIBUTES, encoding="utf-8", newline="\n")
    paths = [root / name for name in _PARTS if (root / name).exists()]
    return repo.commit(paths, "建立账本：提交已有的文件", author=author, date=date, new=paths)


def _mark_simulated(config: Path) -> None:
    """Say in the rules themselves that every figure of this ledger is made up."""
    lines = config.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith("year:"))
    lines.insert(at + 1, "simulated: true # 模拟数据：演示用，不是任何部门的真实进度\n")
    config.write_text("".join(lines), encoding="utf-8", newline="\n")


def _write(folder: Path, setup: LedgerSetup) -> list[Path]:
    source = bundled()
    attributes = folder / ".gitattributes"
    attributes.write_text(GITATTRIBUTES, encoding="utf-8", newline="\n")
    written = [attributes]
    sources = [source / "schemas", source / layout.PROGRESS / "README.md"]
    if not setup.empty:
        sources += [source / layout.CONFIG, source / layout.TARGETS]
    for path in sources:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                copy = folder / file.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, copy)
                written.append(copy)
    if setup.empty:
        config = folder / layout.CONFIG
        config.parent.mkdir(parents=True, exist_ok=True)
        text = _EMPTY_CONFIG.format(name=folder.name, year=setup.year)
        config.write_text(with_city(text, setup.city) if setup.city else text, encoding="utf-8", newline="\n")
        written.append(config)
    return written


def bundled() -> Path:
    """Return the folder that holds `data/` and `schemas/` as they come with the program: in a wheel, or in a checkout."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_bundled"
    return packed if packed.is_dir() else package.parent
