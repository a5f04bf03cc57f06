"""The real ledger of this repository, read once, and copies of it with one thing changed."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from ledger.core.findings import Finding
from ledger.core.models import Commitment
from ledger.files.ledger import Ledger, Source
from ledger.rules.check import check_source
from tests.paths import REPOSITORY

ROOT = REPOSITORY
YEAR = 2023


@cache
def ledger() -> Ledger:
    return Ledger.open(ROOT)


@cache
def sources() -> tuple[Source, ...]:
    return ledger().load_plan(YEAR)


@cache
def commitments() -> tuple[Commitment, ...]:
    return tuple(source.commitment for source in sources())


def text_of(source: Source) -> str:
    return (ROOT / source.path).read_text(encoding="utf-8")


@dataclass
class Copy:
    """A ledger with the real rules, whose commitment files the tests may spoil one at a time."""

    root: Path

    @classmethod
    def make(cls, root: Path) -> Copy:
        shutil.copytree(ROOT / "data", root / "data")
        return cls(root)

    def findings(self, path: str, text: str) -> tuple[Finding, ...]:
        """Every finding on one commitment file when it holds `text`."""
        spoiled = Ledger(self.root, ledger().config, ledger().document)
        file = self.root / path
        before = file.read_bytes()
        file.write_text(text, encoding="utf-8", newline="\n")
        read = spoiled.read_commitment(PurePosixPath(path))
        file.write_bytes(before)
        return tuple(check_source(read, spoiled)) if isinstance(read, Source) else read
