"""Rules over evidence files: what an entry or a closing names is there, and is what it was."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ledger.core.evidence import STORED
from ledger.core.findings import Finding, Place
from ledger.files.evidence import sha256_of
from ledger.files.layout import EVIDENCE, PROGRESS, TARGETS
from ledger.files.ledger import Ledger

_NAMED = {
    PROGRESS: re.compile('"(' + STORED.pattern.replace("[^/]", '[^/"]') + ')"'),
    TARGETS: re.compile("(" + STORED.pattern.replace("[^/]", "[^/,'\"\\]]") + ")"),
}
"""Evidence files named in a line: of JSON in progress files, of YAML in commitments' files."""


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


def check_references(ledger: Ledger) -> Iterator[Finding]:
    """Every evidence file that an entry or a closing names is in the ledger."""
    for folder, named in _NAMED.items():
        for file in sorted((ledger.root / folder).glob("*/*/*.yaml")):
            raw = file.read_bytes()
            if b"data/evidence/" not in raw:
                continue
            for number, line in enumerate(raw.decode("utf-8", "replace").splitlines(), start=1):
                for match in named.finditer(line):
                    path = match[1].rstrip()
                    if not (ledger.root / path).is_file():
                        place = Place(file.relative_to(ledger.root).as_posix(), number, match.start(1) + 1)
                        hint = f"取回：git checkout HEAD -- {path}"
                        yield Finding("evidence-missing", f"佐证文件 {path} 不在账本里", hint, place)
