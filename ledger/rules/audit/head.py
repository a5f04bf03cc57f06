"""The content at the tip, judged by the same rules as `ledger check`: laid out in a folder of its own, never the work tree."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from ledger.core.findings import Finding, Place
from ledger.files import entryfile, layout
from ledger.files.ledger import InvalidLedgerError, Ledger, LedgerNotFoundError, Source
from ledger.files.yaml_reader import MAX_BYTES
from ledger.git import Repo
from ledger.git.blobs import BlobReader
from ledger.rules.audit.breach import Breach
from ledger.rules.audit.commit_context import CONFIG, PROGRESS, REGULAR, TARGETS
from ledger.rules.audit.lines import FileProof
from ledger.rules.check import check_progress, check_source, files, plan
from ledger.rules.check.entries import SeenIds

_ID = re.compile(rb'"id": "([0-7][0-9A-HJKMNP-TV-Z]{25})"')
"""An id as the program writes it, in the only place where JSON can hold these quotes."""
_BLAMED = 50
"""Findings whose commit is looked up, one git process each; a file that is broken throughout needs no more."""


@dataclass(frozen=True)
class Head:
    """The content at the end of a range. `touched` are the files that the range changed, None for all.

    `proofs` holds, by path, the proof of each progress file that the range changed and the tip has.
    """

    commit: str
    prefix: str
    today: date
    touched: AbstractSet[str] | None
    proofs: Mapping[str, FileProof]
    files: Mapping[str, tuple[str, str, int]]
    """Mode, blob and size of all files, by path."""

    @property
    def judges_plan(self) -> bool:
        """Whether the plan itself is to be checked, which only a whole one can be."""
        return self.touched is None or any(TARGETS.fullmatch(path) for path in self.touched)


@dataclass(frozen=True)
class _Content:
    """The files at the tip that can be opened, by path; a call reads one."""

    files: Mapping[str, str]
    blob: BlobReader

    def __call__(self, path: str) -> bytes:
        return self.blob(self.files[path])

    def lay_out(self, root: Path, paths: Iterable[str]) -> None:
        """Write files below `root`. Writing one takes longer than reading its entries: only what must lie on a disk does."""
        made: set[Path] = set()
        for path in paths:
            file = root / path
            if file.parent not in made:
                file.parent.mkdir(parents=True, exist_ok=True)
                made.add(file.parent)
            file.write_bytes(self(path))


def contents_are_sound(archive: Repo, blob: BlobReader, tip: Head) -> Iterator[Breach]:
    """The files at the tip can be read, plan files keep every rule, entries those that no honest entry breaks."""
    found, content = _readable(blob, tip)
    with tempfile.TemporaryDirectory(prefix="ledger-tip-") as folder:
        root = Path(folder)
        content.lay_out(root, content.files if tip.judges_plan else content.files.keys() & {CONFIG})
        found += _check(root, tip, content)
    blamed = 0
    for finding in dict.fromkeys(found):
        if tip.touched is not None and finding.place.path not in tip.touched:
            continue
        commit, author, email, when = tip.commit, "", "", ""
        if blamed < _BLAMED:
            blamed += 1
            commit, author, email, when = _who(
                archive, tip.commit, f"{tip.prefix}{finding.place.path}", finding.place.line
            )
        yield Breach(
            finding.code,
            commit,
            finding.place.path,
            finding.place.line,
            finding.message,
            finding.hint,
            author,
            email,
            when,
        )


def _readable(blob: BlobReader, tip: Head) -> tuple[list[Finding], _Content]:
    """Return what is wrong with files that nobody should open, and all others."""
    found, sound = [], {}
    for path, (mode, name, size) in tip.files.items():
        problem = _unfit(path, mode, size)
        if problem:
            found.append(problem)
        else:
            sound[path] = name
    return found, _Content(sound, blob)


def _check(root: Path, tip: Head, content: _Content) -> Iterator[Finding]:
    try:
        ledger = Ledger.open(root)
    except InvalidLedgerError as error:
        yield from error.findings
        return
    except LedgerNotFoundError:
        yield Finding("file", "这一版里没有账本（data/ledger.yaml）", place=Place(CONFIG))
        return
    for path in sorted(content.files if tip.touched is None else content.files.keys() & tip.touched):
        yield from files.stray(path, content.files.__contains__)
    seen = _seen(tip, content)
    for source in _sources(ledger, tip, content):
        if isinstance(source, Finding):
            yield source
            continue
        if tip.touched is None or source.path in tip.touched:
            yield from check_source(source, ledger)
        path = str(layout.progress_file(source.commitment.year, source.commitment.id))
        if path in tip.proofs:
            yield from check_progress(tip.proofs[path].journal, source, tip.today, seen)
        elif tip.touched is None or source.path in tip.touched:
            yield from check_progress(ledger.read_progress(source.commitment), source, tip.today, SeenIds())


def _sources(ledger: Ledger, tip: Head, content: _Content) -> Iterator[Source | Finding]:
    """Yield the commitments to be checked: all of them, or those whose entries the range touched."""
    if tip.judges_plan:
        for year in ledger.years:
            plan_of_year = ledger.read_plan(year)
            yield from plan_of_year.findings
            yield from plan.ids_are_unique(plan_of_year.sources)
            yield from plan_of_year.sources
        return
    for path in sorted(tip.touched or ()):
        targets = path.replace("data/progress/", "data/targets/", 1)
        if PROGRESS.fullmatch(path) and targets in content.files:
            source = ledger.read_commitment(PurePosixPath(targets), content(targets))
            if isinstance(source, Source):
                yield source
            else:
                yield from source


def _seen(tip: Head, content: _Content) -> SeenIds:
    """Return the ids of all entries that were proven before, by where they stand."""
    seen = SeenIds()
    for path in sorted(content.files):
        if path.startswith(f"{layout.PROGRESS}/") and path.endswith(".yaml"):
            raw = tip.proofs[path].before if path in tip.proofs else content(path)
            for found in _ids(path, raw):
                seen.places.setdefault(found, path)
    return seen


def _ids(path: str, raw: bytes) -> list[str]:
    """Return the ids in a progress file; where one line is not as the program writes it, the file is read as every command reads it."""
    found = [one.decode("ascii") for one in _ID.findall(raw)]
    if len(found) != raw.count(b"\n"):
        found += [one.id for one in entryfile.read(path, raw).entries]
    return found


def _unfit(path: str, mode: str, size: int) -> Finding | None:
    """Say why a file is not opened: it is no plain file, leads elsewhere or would fill memory and disk."""
    if mode not in {REGULAR, "100755"}:
        return Finding("file", "不是普通文件（符号链接或子模块）", place=Place(path))
    if any(part in {"", ".", ".."} or "\\" in part or ":" in part for part in PurePosixPath(path).parts):
        return Finding("file", "文件名不能用", place=Place(path))
    if PROGRESS.fullmatch(path):
        return entryfile.too_large(path, size)
    if size > MAX_BYTES:
        return Finding("file", f"文件有 {size} 字节，超过上限 {MAX_BYTES} 字节", place=Place(path))
    return None


def _who(archive: Repo, tip: str, path: str, line: int) -> tuple[str, str, str, str]:
    """Return commit, author, e-mail and time of what stands on a line, or of the last change to the file."""
    form = "--format=%H%x00%an%x00%ae%x00%aI"
    commit = tip
    if line:
        where = f"-L{line},{line}"
        blamed = archive.git.text(
            "-c", "blame.ignoreRevsFile=", "blame", "--porcelain", where, tip, "--", path, expected=(0, 128)
        )
        commit = blamed.split(" ", 1)[0] if blamed else tip
        shown = archive.git.text("log", "-1", "--no-mailmap", form, commit)
    else:
        shown = archive.git.text("log", "-1", "--no-mailmap", form, tip, "--", path)
    if not shown:
        return tip, "", "", ""
    commit, author, email, when = shown.split("\0")
    return commit, author, email, when
