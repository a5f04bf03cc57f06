"""Parquet of many ledgers and days in one folder; what is not whole is refused, never read as if it were.

    ledger-export.json                                            what this folder is
    manifests/2023/2023-06-30/3f2c….json                          one ledger's export: rows, bytes and SHA-256 of its files; written last
    status/year=2023/as_of=2023-06-30/3f2c….parquet               and so for every table

A file is called by the identity of its ledger, so that renaming a city moves nothing, and all paths are ASCII: Spark 3.x to 4.3
reads percent-encoded Chinese folder names as Latin-1. An export is complete when its manifest says so and every file is what the manifest says.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ledger.export import duckdb_engine
from ledger.export.errors import (
    DamagedExportError,
    ForeignFolderError,
    MissingExportError,
    SchemaVersionError,
)
from ledger.export.exact import ExportRow
from ledger.export.files import MARK, file_digest, format_json, load_json, mark, move, put, read_mark
from ledger.export.header import Header
from ledger.export.schema import TABLES, VERSION
from ledger.export.textfiles import json_lines, write_tables

KIND = "parquet"
MANIFESTS = "manifests"
_WRITING = ".writing-"
_LEFTOVER_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Part:
    """One file of one table."""

    folder: Path  # of the table
    file: Path
    rows: int


@dataclass(frozen=True, slots=True)
class Export:
    """One ledger's export on one day, as its manifest describes it."""

    header: Header
    parts: Mapping[str, Part]


def claim_store(folder: Path) -> None:
    """Make `folder` a store, or check that it is one; remove what killed exports left in it more than a day ago.

    Raises:
        ForeignFolderError: when it holds anything else.
        SchemaVersionError, DamagedExportError: when its tables are not of this version.
    """
    if not is_store(folder):
        put(folder / MARK, mark(KIND))
    for path in folder.glob(f"{_WRITING}*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _LEFTOVER_SECONDS:
                shutil.rmtree(path)


def is_store(folder: Path) -> bool:
    """Tell whether `folder` is a store already; False when it is free to become one.

    Raises:
        ForeignFolderError, SchemaVersionError, DamagedExportError: as `claim`.
    """
    if folder.exists() and not folder.is_dir():
        raise ForeignFolderError(folder, "是文件，不是文件夹")
    if not folder.is_dir():
        return False
    if not (folder / MARK).is_file():
        # Another export may have just begun here: its temporary files begin with a dot.
        if all(path.name.startswith((_WRITING, f".{MARK}")) for path in folder.iterdir()):
            return False
        raise ForeignFolderError(folder, "里已有别的文件")
    if read_mark(folder).get("kind") != KIND:
        raise ForeignFolderError(folder, "里是另一种导出")
    return True


def find_header(folder: Path, header: Header) -> tuple[Header, dict[str, int]] | None:
    """Return the header and row counts of this ledger's export of the same year and day; None where there is none that is whole."""
    manifest = folder / manifest_path(header)
    if not manifest.is_file():
        return None
    try:
        export = _export(folder, manifest, tuple(TABLES), verify=False)
    except (DamagedExportError, SchemaVersionError):
        return None
    return export.header, {name: part.rows for name, part in export.parts.items()}


def write_export(folder: Path, header: Header, rows: Iterable[tuple[str, ExportRow]]) -> dict[str, int]:
    """Add one ledger's export to the store, in the place of an earlier one of the same day; return the rows of each table.

    Raises:
        ForeignFolderError, SchemaVersionError, DamagedExportError: as `claim`.
    """
    claim_store(folder)
    files = []
    with TemporaryDirectory(dir=folder, prefix=_WRITING) as beside:
        counts = write_tables(Path(beside), TABLES.values(), rows, json_lines, ".jsonl")
        database = duckdb_engine.connect(threads=1)
        for table in TABLES.values():
            made = Path(beside) / f"{table.name}.parquet"
            duckdb_engine.to_parquet(database, Path(beside) / f"{table.name}.jsonl", table, made)
        database.close()
        for table in TABLES.values():
            made = Path(beside) / f"{table.name}.parquet"
            path = _path(table.name, header)
            files.append(
                {"table": table.name, "path": path, "rows": counts[table.name], "sha256": file_digest(made)}
            )
            move(made, folder / path)
    put(folder / manifest_path(header), format_json({"schema": VERSION, **header.to_json(), "files": files}))
    return counts


def days(folder: Path, year: int | None) -> tuple[date, ...]:
    """Return the days that a store has exports of, in order."""
    pattern = f"{year or '*'}/*"
    return tuple(sorted({date.fromisoformat(path.name) for path in (folder / MANIFESTS).glob(pattern)}))


def read_exports(folder: Path, year: int | None, as_of: date | None, tables: Sequence[str]) -> list[Export]:
    """Return the complete exports in a store, of one year and day or of all, in the order of their places.

    Raises:
        MissingExportError: when the folder is no store, or holds nothing of the year and day.
        SchemaVersionError, DamagedExportError: when anything in it cannot be relied on.
    """
    if read_mark(folder).get("kind") != KIND:
        raise MissingExportError(folder, "它是 CSV、JSON 一类的导出，汇总要 Parquet")
    exports = [
        _export(folder, file, tables)
        for file in sorted((folder / MANIFESTS).glob(f"{year or '*'}/{as_of or '*'}/*.json"))
    ]
    _require_no_strays(folder, f"year={year or '*'}/as_of={as_of or '*'}", tables, exports)
    if not exports:
        asked = f" {year} 年" if year else ""
        asked += f"截至 {as_of} " if as_of else ""
        raise MissingExportError(folder, f"里面没有{asked}的导出" if asked else "里面还没有导出的账本")
    return sorted(exports, key=lambda export: (export.header.place, export.header.ledger))


def _export(folder: Path, manifest: Path, tables: Sequence[str], *, verify: bool = True) -> Export:
    content = load_json(manifest)
    if content.get("schema") != VERSION:
        raise SchemaVersionError(manifest, content.get("schema"), VERSION)
    try:
        header = Header.from_json(content)
        files = {entry["table"]: entry for entry in content["files"]}
        parts = {name: _part(folder, header, name, files[name], verify=verify) for name in tables}
    except (KeyError, TypeError, ValueError):
        raise DamagedExportError(manifest, "缺少内容") from None
    if manifest != folder / manifest_path(header):
        raise DamagedExportError(manifest, "被改了名，或移动过")
    return Export(header, parts)


def _part(folder: Path, header: Header, name: str, entry: Mapping[str, Any], *, verify: bool) -> Part:
    path = _path(name, header)
    file = folder / path
    if entry["path"] != path or not file.is_file():
        raise DamagedExportError(file, "不见了")
    if verify and file_digest(file) != entry["sha256"]:
        raise DamagedExportError(file, "与清单不符：只写了一半，或被改过")
    return Part(folder / name, file, int(entry["rows"]))


def _require_no_strays(folder: Path, days: str, tables: Sequence[str], exports: Sequence[Export]) -> None:
    known = {part.file for export in exports for part in export.parts.values()}
    for name in tables:
        for file in sorted((folder / name).glob(f"{days}/*.parquet")):
            if file not in known:
                raise DamagedExportError(file, "没有清单：那次导出没有完成")


def _path(table: str, header: Header) -> str:
    return f"{table}/year={header.year}/as_of={header.as_of}/{header.file_stem}.parquet"


def manifest_path(header: Header) -> Path:
    """Return where the manifest of one ledger's export lies in a store."""
    return Path(MANIFESTS, str(header.year), header.as_of.isoformat(), f"{header.file_stem}.json")
