"""Checks the content at the tip by the same rules as `ledger check`, from git's objects and never from the work tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path, PurePosixPath

from ledger.core.findings import Finding, Origin, Place
from ledger.core.progress import Policy
from ledger.core.progress.entries import named_by
from ledger.core.structs import FrozenStruct
from ledger.files import entryfile, layout
from ledger.files.ledger import InvalidLedgerError, Ledger, Source
from ledger.files.yaml_reader import MAX_BYTES
from ledger.git.blobs import BlobReader, ObjectTooLargeError
from ledger.git.trees import TreeEntry
from ledger.rules.audit.authors import Authors
from ledger.rules.audit.lines import FileProof
from ledger.rules.check import check_progress, entries, files
from ledger.rules.check.entries import SeenIds
from ledger.rules.paths import CONFIG, PROGRESS, REGULAR, TARGETS, name_fault

_ID = re.compile(rb'"id": "([0-7][0-9A-HJKMNP-TV-Z]{25})"')
"""An id as the program writes it, in the only place where JSON can hold these quotes."""


class HeadContent(FrozenStruct):
    """The content at the end of a range. `touched` are the files that the range changed, None for all.

    `proofs` holds, by path, the proof of each progress file that the range changed and the tip has.
    """

    commit: str
    today: date
    touched: AbstractSet[str] | None
    proofs: Mapping[str, FileProof]
    files: Mapping[str, TreeEntry]
    """All files below `data`, by path."""
    authors: Authors

    @property
    def checks_plan(self) -> bool:
        """Whether the plan itself is to be checked, which only a whole one can be."""
        return self.touched is None or any(TARGETS.fullmatch(path) for path in self.touched)

    def concerns(self, path: str) -> bool:
        """Return whether the range changed a file."""
        return self.touched is None or path in self.touched


class _Content(FrozenStruct):
    """The files at the tip that can be opened, by path; a call reads one."""

    files: Mapping[str, str]
    blob: BlobReader

    def __call__(self, path: str) -> bytes:
        return self.blob(self.files[path])

    @contextmanager
    def laid_out(self, head: HeadContent) -> Iterator[Path]:
        """Write the files into a folder, for checking the whole plan, but for those whose proofs are at hand: writing takes longer than reading."""
        from tempfile import TemporaryDirectory

        with TemporaryDirectory(prefix="ledger-tip-") as name:
            root = Path(name)
            folders: set[Path] = set()
            for path in self.files:
                if path in head.proofs:
                    continue
                file = root / path
                if file.parent not in folders:
                    file.parent.mkdir(parents=True, exist_ok=True)
                    folders.add(file.parent)
                file.write_bytes(self(path))
            yield root

    def read_ahead(self, paths: Iterable[str]) -> None:
        """Read files at once that will be asked for one by one."""
        self.blob.read_ahead(self.files[path] for path in paths)


def check_head(blob: BlobReader, head: HeadContent) -> Iterator[Finding]:
    """Yield what is wrong with the files at the tip, each with the commit that brought it."""
    findings, content = _readable(blob, head)
    with content.laid_out(head) if head.checks_plan else nullcontext(Path()) as root:
        findings += _check(root, head, content)
    for finding in dict.fromkeys(findings):
        if head.concerns(finding.place.path):
            yield finding._replace(origin=_origin(head, finding, blob))


def _origin(head: HeadContent, finding: Finding, blob: BlobReader) -> Origin:
    path, line = finding.place.path, finding.place.line
    proof = head.proofs.get(path)
    author = (proof.author_of(line) if proof and line else None) or head.authors.of_line(path, line, blob)
    return author.origin if author else Origin(head.commit)


def _readable(blob: BlobReader, head: HeadContent) -> tuple[list[Finding], _Content]:
    """Return what is wrong with files that must not be opened, and all others."""
    findings, sound = [], {}
    for path, file in head.files.items():
        fault = _unfit(path, file, blob, head.proofs.get(path)) if head.concerns(path) else None
        if fault:
            findings.append(fault)
        else:
            sound[path] = file.id
    return findings, _Content(sound, blob)


def _check(root: Path, head: HeadContent, content: _Content) -> Iterator[Finding]:
    if CONFIG not in content.files:
        yield Finding("file", "这一版里没有账本（data/ledger.yaml）", place=Place(CONFIG))
        return
    try:
        ledger = Ledger.read(content(CONFIG), root)
        policy = Policy.of(ledger.config, ledger.units)
    except InvalidLedgerError as error:
        yield from error.findings
        return
    for path in sorted(filter(head.concerns, content.files)):
        yield from files.stray(path, content.files.__contains__)
    seen = _ids_before(head, content)
    for source in _sources(ledger, head, content):
        if isinstance(source, Finding):
            yield source
            continue
        if head.concerns(source.path):
            from ledger.rules.check import check_source  # all rules on plans, which few pushes change

            yield from check_source(source, ledger)
        path = str(layout.progress_file(source.commitment.year, source.commitment.id))
        if path in head.proofs:
            yield from _check_added(head.proofs[path], source, policy, head.today, seen)
        elif head.concerns(source.path):
            progress = ledger.read_progress(source.commitment)
            yield from check_progress(progress, source, head.today, SeenIds())
            yield from entries.check_values(progress, source.commitment, policy)


def _check_added(
    proof: FileProof, source: Source, policy: Policy, today: date, seen: SeenIds
) -> Iterator[Finding]:
    """Check the entries that the range appended; links are followed over the whole file."""
    added = proof.added
    yield from check_progress(added, source, today, seen)
    linked = any(map(named_by, added.entries))
    lines = frozenset(added.lines)
    for finding in entries.check_values(proof.whole if linked else added, source.commitment, policy):
        if finding.place.line in lines:
            yield finding


def _sources(ledger: Ledger, head: HeadContent, content: _Content) -> Iterator[Source | Finding]:
    """Yield the commitments to be checked: all of them, or those whose entries the range touched."""
    if head.checks_plan:
        from ledger.rules.check import plan

        for year in ledger.years:
            plan_of_year = ledger.read_plan(year)
            yield from plan_of_year.findings
            yield from plan.commitment_ids_are_unique(plan_of_year.sources)
            yield from plan_of_year.sources
        return
    named = (
        path.replace("data/progress/", "data/targets/", 1)
        for path in sorted(head.touched or ())
        if PROGRESS.fullmatch(path)
    )
    paths = [path for path in named if path in content.files]
    content.read_ahead(paths)
    for path in paths:
        source = ledger.read_commitment(PurePosixPath(path), content(path))
        if isinstance(source, Source):
            yield source
        else:
            yield from source


def _ids_before(head: HeadContent, content: _Content) -> SeenIds:
    """Return which ids of the entries that the range added were there before, by where they stand."""
    seen = SeenIds()
    added = {entry.id.encode() for proof in head.proofs.values() for entry in proof.added.entries}
    paths = sorted(filter(PROGRESS.fullmatch, content.files))
    content.read_ahead(path for path in paths if path not in head.proofs)
    for path in paths:
        raw = head.proofs[path].before if path in head.proofs else content(path)
        for entry_id in sorted(added.intersection(_ids(path, raw))):
            seen.places.setdefault(entry_id.decode("ascii"), path)
    return seen


def _ids(path: str, raw: bytes) -> list[bytes]:
    """Return the ids in a progress file; where a line is not as the program writes it, the file is read as every command reads it."""
    ids: list[bytes] = _ID.findall(raw)
    if len(ids) != raw.count(b"\n"):
        ids += [entry.id.encode() for entry in entryfile.read_progress(path, raw).entries]
    return ids


def _unfit(path: str, file: TreeEntry, blob: BlobReader, proof: FileProof | None = None) -> Finding | None:
    """Return why a file is not opened: it is no plain file, leads elsewhere or would fill memory and disk."""
    if file.mode not in {REGULAR, "100755"}:
        return Finding("file", "不是普通文件（符号链接或子模块）", place=Place(path))
    if name_fault(path):
        return Finding("file", "文件名不能用", place=Place(path))
    try:
        size = proof.size if proof else len(blob(file.id))
    except ObjectTooLargeError as error:
        size = error.size
    if PROGRESS.fullmatch(path):
        return entryfile.too_large(path, size)
    if size > MAX_BYTES:
        return Finding("file", f"文件有 {size} 字节，超过上限 {MAX_BYTES} 字节", place=Place(path))
    return None
