"""Files and folders that appear whole or not at all, and the mark by which an export is recognised."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from ledger.export.errors import (
    DamagedExportError,
    ForeignFolderError,
    MissingExportError,
    SchemaVersionError,
)
from ledger.export.schema import VERSION

MARK = "ledger-export.json"
MAKER = "commitment-ledger"


def format_json(content: object) -> bytes:
    """Return JSON that people can read, the same bytes for the same content."""
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def put(file: Path, content: bytes) -> None:
    """Write a file beside its place, onto the disk, and rename it into place: readers see the old or the new, whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def move(made: Path, file: Path) -> None:
    """Put a finished file in its place in one step; `made` must lie on the same file system."""
    with made.open("rb+") as stream:
        os.fsync(stream.fileno())
    file.parent.mkdir(parents=True, exist_ok=True)
    made.replace(file)


def file_digest(file: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def load_json(file: Path) -> dict[str, Any]:
    """Read a JSON object that this program wrote.

    Raises:
        DamagedExportError: when it is none.
    """
    try:
        content = json.loads(file.read_bytes())
    except (ValueError, OSError):
        raise DamagedExportError(file, "读不出来，可能只写了一半") from None
    if not isinstance(content, dict):
        raise DamagedExportError(file, "不是导出的清单")
    return content


def mark(kind: str, **more: object) -> bytes:
    """Return the content of the mark of an export."""
    return format_json({"made_by": MAKER, "kind": kind, "schema": VERSION, **more})


def read_mark(folder: Path) -> dict[str, Any]:
    """Return the mark of the export in `folder`.

    Raises:
        MissingExportError: when there is none.
        DamagedExportError, SchemaVersionError: when it cannot be relied on.
    """
    file = folder / MARK
    if not file.is_file():
        raise MissingExportError(folder)
    content = load_json(file)
    if content.get("made_by") != MAKER:
        raise MissingExportError(folder)
    if content.get("schema") != VERSION:
        raise SchemaVersionError(file, content.get("schema"), VERSION)
    return content


def replace_folder(folder: Path, kind: str, fill: Callable[[Path], object], provenance: object) -> None:
    """Let `fill` write into a folder beside, and put it in the place of `folder` when all is done.

    Raises:
        ForeignFolderError: when `folder` holds anything but an export of this kind; checked before and after.
    """
    refuse_foreign(folder, kind)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        made = beside / "new"
        made.mkdir()
        fill(made)
        names = sorted(path.name for path in made.iterdir())
        put(made / MARK, mark(kind, files=names, provenance=provenance))
        refuse_foreign(folder, kind)
        if folder.exists():
            folder.rename(beside / "old")
        made.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def refuse_foreign(folder: Path, kind: str) -> None:
    """Raise ForeignFolderError unless `folder` is absent, empty or holds nothing but an export of this kind."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ForeignFolderError(folder, "是文件，不是文件夹")
    present = {path.name for path in folder.iterdir()}
    if not present:
        return
    if MARK not in present:
        raise ForeignFolderError(folder, "里已有别的文件")
    content = load_json(folder / MARK)
    if content.get("made_by") != MAKER or content.get("kind") != kind:
        raise ForeignFolderError(folder, f"里是另一种导出（{content.get('kind')}）")
    if more := sorted(present - {MARK, *content.get("files", ())}):
        raise ForeignFolderError(folder, f"里有不是导出写下的文件（{more[0]}）")
