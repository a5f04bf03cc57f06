"""A small repository for the tests of the write path, and entries to put into it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from ledger.core.models.base import read_model
from ledger.core.models.entries import Entry
from ledger.files import write
from ledger.files.ids import new_id
from ledger.git import Commit, Repo

FINANCE = "data/progress/2023/金融办/01.yaml"
COMMERCE = "data/progress/2023/商务局/01.yaml"


def entry(amount: str = "2 家", **more: object) -> Entry:
    fields = {"id": new_id(), "on": date(2023, 3, 31), "target": "listed", "add": amount, "by": "张三"}
    return read_model(Entry, fields | more)


@dataclass
class Place:
    """A repository with one committed file, and ways to look at it."""

    root: Path

    @property
    def repo(self) -> Repo:
        return Repo.open(self.root)

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-c", "core.quotePath=false", *arguments],
            cwd=self.root,
            check=True,
            capture_output=True,
            encoding="utf-8",
        )
        return done.stdout

    def append(self, one: Entry, path: str = FINANCE, **options: object) -> Commit:
        control = {key: options.pop(key) for key in ("check", "on_notice", "patience") if key in options}
        entries = write.NewEntries([(Path(path), [one])], "log(金融办): 一条", **options)  # type: ignore[arg-type]
        return write.append(self.repo, self.root, entries, **control)  # type: ignore[arg-type]

    def hook(self, name: str, script: str) -> None:
        file = self.root / ".git" / "hooks" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(0o755)

    def text(self, path: str = FINANCE) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def state(self) -> tuple[str, str, dict[str, bytes]]:
        """HEAD, what git status says, and every file's bytes: what a failed write must leave as it was."""
        files = {
            str(file.relative_to(self.root)): file.read_bytes()
            for file in sorted(self.root.rglob("*"))
            if file.is_file() and ".git" not in file.relative_to(self.root).parts
        }
        folders = {
            str(path.relative_to(self.root)): b"" for path in self.root.rglob("data/**/") if path.is_dir()
        }
        return self.git("rev-parse", "HEAD"), self.git("status", "--porcelain", "--ignored"), files | folders


@pytest.fixture
def place(identity: None, tmp_path: Path) -> Place:
    root = tmp_path / "账本"
    Repo.init(root)
    place = Place(root)
    (root / "说明.txt").write_text("一\n", encoding="utf-8")
    place.git("add", ".")
    place.git("commit", "--quiet", "--message", "建立")
    return place


@pytest.fixture
def child() -> Callable[..., subprocess.Popen[bytes]]:
    """Starts a Python process that runs the code given, with the arguments given."""

    def start(code: str, *arguments: str, **options: object) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            [sys.executable, "-c", code, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **{"env": dict(os.environ)} | options,
        )

    return start
