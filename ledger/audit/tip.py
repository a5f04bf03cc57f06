"""The content at the tip, judged by the same rules as `ledger check`: laid out in a folder of its own, never the work tree."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import date
from pathlib import Path, PurePosixPath

from ledger.audit.act import REGULAR
from ledger.audit.breach import Breach
from ledger.checks import check
from ledger.findings import Finding
from ledger.repo.archive import Archive, Contents
from ledger.store.ledger import BrokenLedger, Ledger, NoLedger
from ledger.yamlfile import MAX_BYTES

_BLAMED = 50
"""Findings whose commit is looked up, one git process each; a file that is broken throughout needs no more."""


def contents_are_sound(
    archive: Archive,
    tip: str,
    blob: Contents,
    *,
    prefix: str,
    today: date,
    only: AbstractSet[str] | None = None,
) -> Iterator[Breach]:
    """The files at `tip` keep every rule of `ledger check`; with `only`, as far as these files are concerned."""
    found: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="ledger-tip-") as folder:
        root = Path(folder)
        for path, (mode, name, size) in archive.tree(tip, f"{prefix}data").items():
            inside = path.removeprefix(prefix)
            problem = _unfit(inside, mode, size)
            if problem:
                found.append(Finding(inside, 0, 0, "file", problem))
            else:
                file = root / inside
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(blob(name))
        found += _check(root, today, only)
    blamed = 0
    for finding in found:
        if only is not None and finding.path not in only and finding.rule != "duplicate":
            continue
        commit, author, email, when = tip, "", "", ""
        if blamed < _BLAMED:
            blamed += 1
            commit, author, email, when = _who(archive, tip, f"{prefix}{finding.path}", finding.line)
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


def _check(root: Path, today: date, only: AbstractSet[str] | None) -> tuple[Finding, ...]:
    try:
        return check(Ledger.open(root), today, only)
    except BrokenLedger as error:
        return error.findings
    except NoLedger:
        return (Finding("data/ledger.yaml", 0, 0, "file", "这一版里没有账本（data/ledger.yaml）", ""),)


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
