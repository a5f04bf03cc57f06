"""The content at the tip, judged by the same rules as `ledger check`: laid out in a folder of its own, never the work tree."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from ledger.audit.act import CONFIG, PROGRESS, REGULAR, TARGETS
from ledger.audit.breach import Breach
from ledger.audit.lines import FileProof
from ledger.checks import check_journal, check_source, files, plan
from ledger.checks.entries import Seen
from ledger.findings import Finding
from ledger.repo.archive import Archive, Contents
from ledger.store import layout
from ledger.store.ledger import BrokenLedger, Ledger, NoLedger, Source
from ledger.yamlfile import MAX_BYTES

_ID = re.compile(rb'\bid"?: *"?([0-7][0-9A-HJKMNP-TV-Z]{25})')
_BLAMED = 50
"""Findings whose commit is looked up, one git process each; a file that is broken throughout needs no more."""


@dataclass(frozen=True)
class Tip:
    """The content at the end of a range. `touched` are the files that the range changed, None for all.

    `proofs` holds, by path, the proof of each progress file that the range changed and the tip has.
    """

    commit: str
    prefix: str
    today: date
    touched: AbstractSet[str] | None
    proofs: Mapping[str, FileProof]


def contents_are_sound(archive: Archive, blob: Contents, tip: Tip) -> Iterator[Breach]:
    """The files at the tip can be read, plan files keep every rule, entries those that no honest entry breaks."""
    with tempfile.TemporaryDirectory(prefix="ledger-tip-") as folder:
        root = Path(folder)
        found = list(_lay_out(archive, blob, tip, root))
        found += _check(root, tip)
    blamed = 0
    for finding in dict.fromkeys(found):
        if tip.touched is not None and finding.path not in tip.touched:
            continue
        commit, author, email, when = tip.commit, "", "", ""
        if blamed < _BLAMED:
            blamed += 1
            commit, author, email, when = _who(
                archive, tip.commit, f"{tip.prefix}{finding.path}", finding.line
            )
        yield Breach(
            finding.rule,
            commit,
            finding.path,
            finding.line,
            finding.message,
            finding.hint,
            author,
            email,
            when,
        )


def _lay_out(archive: Archive, blob: Contents, tip: Tip, root: Path) -> Iterator[Finding]:
    made: set[Path] = set()
    for path, (mode, name, size) in archive.tree(tip.commit, f"{tip.prefix}data").items():
        inside = path.removeprefix(tip.prefix)
        problem = _unfit(inside, mode, size)
        if problem:
            yield Finding(inside, 0, 0, "file", problem)
            continue
        file = root / inside
        if file.parent not in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            made.add(file.parent)
        file.write_bytes(blob(name))


def _check(root: Path, tip: Tip) -> Iterator[Finding]:
    try:
        ledger = Ledger.open(root)
    except BrokenLedger as error:
        yield from error.findings
        return
    except NoLedger:
        yield Finding(CONFIG, 0, 0, "file", "这一版里没有账本（data/ledger.yaml）", "")
        return
    yield from files.strays(ledger)
    seen = _seen(root, tip)
    for source in _sources(ledger, tip):
        if isinstance(source, Finding):
            yield source
            continue
        if tip.touched is None or source.path in tip.touched:
            yield from check_source(source, ledger)
        path = str(layout.progress_file(source.commitment.year, source.commitment.id))
        if path in tip.proofs:
            yield from check_journal(tip.proofs[path].journal, source, tip.today, seen)
        elif tip.touched is None or source.path in tip.touched:
            yield from check_journal(ledger.journal(source.commitment), source, tip.today, Seen())


def _sources(ledger: Ledger, tip: Tip) -> Iterator[Source | Finding]:
    """Yield the commitments to be checked: all of them, unless no file of the plan was touched."""
    touched = tip.touched
    if touched is None or any(TARGETS.fullmatch(path) for path in touched):
        for year in ledger.years:
            plan_of_year = ledger.plan(year)
            yield from plan_of_year.findings
            yield from plan.ids_are_unique(plan_of_year.sources)
            yield from plan_of_year.sources
        return
    for path in sorted(touched):
        targets = PurePosixPath(path.replace("data/progress/", "data/targets/", 1))
        if PROGRESS.fullmatch(path) and (ledger.root / targets).is_file():
            source = ledger.read_commitment(targets)
            if isinstance(source, Source):
                yield source
            else:
                yield from source


def _seen(root: Path, tip: Tip) -> Seen:
    """Return the ids of all entries that were proven before, by where they stand."""
    seen = Seen()
    for file in sorted((root / layout.PROGRESS).rglob("*.yaml")):
        path = file.relative_to(root).as_posix()
        content = tip.proofs[path].before if path in tip.proofs else file.read_bytes()
        for found in _ID.findall(content):
            seen.places.setdefault(found.decode("ascii"), path)
    return seen


def _unfit(path: str, mode: str, size: int) -> str:
    """Say why a file is not laid out: it is no plain file, leads elsewhere or would fill the disk."""
    if mode not in {REGULAR, "100755"}:
        return "不是普通文件（符号链接或子模块）"
    if any(part in {"", ".", ".."} or "\\" in part or ":" in part for part in PurePosixPath(path).parts):
        return "文件名不能用"
    return f"文件有 {size} 字节，超过上限 {MAX_BYTES} 字节" if size > MAX_BYTES else ""


def _who(archive: Archive, tip: str, path: str, line: int) -> tuple[str, str, str, str]:
    """Return commit, author, e-mail and time of what stands on a line, or of the last change to the file."""
    form = "--format=%H%x00%an%x00%ae%x00%aI"
    commit = tip
    if line:
        where = f"-L{line},{line}"
        blamed = archive.text("-c", "blame.ignoreRevsFile=", "blame", "--porcelain", where, tip, "--", path)
        commit = blamed.split(" ", 1)[0] if blamed else tip
        shown = archive.text("log", "-1", "--no-mailmap", form, commit)
    else:
        shown = archive.text("log", "-1", "--no-mailmap", form, tip, "--", path)
    if not shown:
        return tip, "", "", ""
    commit, author, email, when = shown.split("\0")
    return commit, author, email, when
