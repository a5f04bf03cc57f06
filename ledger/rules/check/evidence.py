"""Rules over evidence files: what an entry or a closing names is there, and is what it was."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from ledger.core.evidence import STORED
from ledger.core.findings import Finding, Place
from ledger.core.progress import effective
from ledger.files import entryfile
from ledger.files.evidence import sha256_of
from ledger.files.layout import EVIDENCE, PROGRESS, TARGETS
from ledger.files.ledger import Ledger
from ledger.files.listing import walk

_NAMED = re.compile(r'"(data/evidence/(?:[^"\\]|\\.)*)"')
_CLOSED = re.compile(r"""["']?(data/evidence/[0-9]{4}/[0-9a-f]{64}-[^"',\]\n]+)""")


def check_evidence_files(ledger: Ledger) -> Iterator[Finding]:
    """Every file under data/evidence has the SHA-256 that its name says."""
    for file in sorted((ledger.root / EVIDENCE).glob("*/*")):
        path = file.relative_to(ledger.root).as_posix()
        match = STORED.fullmatch(path)
        if match is None or not file.is_file():
            continue  # reported as a file that no command reads
        if sha256_of(file) != match["sha256"]:
            hint = f"取回原件：git checkout HEAD -- {path}"
            yield Finding("evidence-hash", "佐证文件的内容和文件名里的校验码不一致", hint, Place(path))


def check_references(ledger: Ledger) -> dict[str, list[Finding]]:
    """Return the evidence files that are not in the ledger, with a finding for each counting entry or closing that names them."""
    absent: dict[str, list[Finding]] = {}
    for name, finding in _missing_references(ledger):
        absent.setdefault(name, []).append(finding)
    return absent


def _missing_references(ledger: Ledger) -> Iterator[tuple[str, Finding]]:
    for folder, pattern in ((PROGRESS, _NAMED), (TARGETS, _CLOSED)):
        for path in _yaml_files(ledger, str(folder)):
            with open(f"{ledger.root}/{path}", "rb") as stream:  # noqa: PTH123 - one for each file
                raw = stream.read()
            if b"data/evidence/" in raw:
                missing = list(_missing(ledger, path, raw, pattern))
                replaced = _replaced_lines(path, raw) if missing and folder is PROGRESS else frozenset()
                yield from (
                    (name, finding) for name, finding in missing if finding.place.line not in replaced
                )


def _yaml_files(ledger: Ledger, folder: str) -> Iterator[str]:
    """Yield the files of a year and a department below a folder, in order."""
    root, depth = str(ledger.root), folder.count("/") + 3
    for path, _ in walk(root, folder) if os.path.isdir(f"{root}/{folder}") else ():  # noqa: PTH112
        if path.count("/") == depth and path.endswith(".yaml") and os.path.isfile(f"{root}/{path}"):  # noqa: PTH113
            yield path


def _missing(
    ledger: Ledger, path: str, raw: bytes, pattern: re.Pattern[str]
) -> Iterator[tuple[str, Finding]]:
    for number, line in enumerate(raw.decode("utf-8", "replace").split("\n"), start=1):
        for match in pattern.finditer(line):
            name = match[1].strip()
            if not (ledger.root / name).is_file():
                hint = f"取回：git checkout HEAD -- {name}；从来没有放进来的，另记一条更正，附上文件"
                place = Place(path, number, match.start(1) + 1)
                yield name, Finding("evidence-missing", f"佐证文件 {name} 不在账本里", hint, place)


def _replaced_lines(path: str, raw: bytes) -> frozenset[int]:
    """Return the lines of a progress file whose entries count no more."""
    progress = entryfile.read_progress(path, raw)
    counting = {entry.id for entry in effective(progress.entries)}
    lines = zip(progress.entries, progress.lines, strict=True)
    return frozenset(line for entry, line in lines if entry.id not in counting)
