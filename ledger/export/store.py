"""Parquet of many ledgers in one folder, by year and city; what is not whole is refused, never taken for whole.

    ledger-export.json                          what this folder is
    manifests/2023/湖州/安吉.json                one ledger's export: rows, bytes and SHA-256 of its files; written last
    commitments/year=2023/city=湖州/安吉.parquet  and so for every table

A ledger's export is complete when its manifest says so and every file is what the manifest says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ledger.export import duckdb_engine
from ledger.export.errors import (
    DamagedExportError,
    ForeignFolderError,
    LedgerMismatchError,
    MissingExportError,
    SchemaVersionError,
)
from ledger.export.exact import Row
from ledger.export.files import MARK, as_json, digest, load, mark, move, put, read_mark
from ledger.export.header import Header
from ledger.export.place import Place, PlaceNameError
from ledger.export.schema import TABLES, VERSION
from ledger.export.textfiles import json_lines, write_tables

KIND = "parquet"
MANIFESTS = "manifests"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of one table."""

    folder: Path  # of the table
    file: Path
    rows: int


@dataclass(frozen=True, slots=True)
class Export:
    """One ledger's export as its manifest tells of it."""

    header: Header
    parts: Mapping[str, Part]


def claim(folder: Path) -> None:
    """Make `folder` a store, or see that it is one.

    Raises:
        ForeignFolderError: when it holds anything else.
        SchemaVersionError, DamagedExportError: when its tables are not ours.
    """
    if not _is_ours(folder):
        put(folder / MARK, mark(KIND))


def _is_ours(folder: Path) -> bool:
    """Whether `folder` is a store already; False when it is free to become one."""
    if folder.exists() and not folder.is_dir():
        raise ForeignFolderError(folder, "是文件，不是文件夹")
    if not folder.is_dir() or not any(folder.iterdir()):
        return False
    if not (folder / MARK).is_file():
        raise ForeignFolderError(folder, "里已有别的文件")
    if read_mark(folder).get("kind") != KIND:
        raise ForeignFolderError(folder, "里是另一种导出")
    return True


def refuse(folder: Path, header: Header) -> None:
    """Raise as `write` would for what stands in `folder`; changes nothing.

    Raises:
        ForeignFolderError, SchemaVersionError, DamagedExportError, LedgerMismatchError: as `write`.
    """
    _is_ours(folder)
    manifest = folder / manifest_path(header.year, header.place)
    if manifest.is_file() and (there := load(manifest).get("ledger")) != header.ledger:
        raise LedgerMismatchError(manifest, str(there), header.ledger)


def write(
    folder: Path, header: Header, rows: Iterable[tuple[str, Row]], tables: Sequence[str]
) -> dict[str, int]:
    """Add one ledger's export to the store, in the place of an older one of the same ledger; return the rows of each table.

    Raises:
        ForeignFolderError, SchemaVersionError, DamagedExportError: as `claim`.
        LedgerMismatchError: when another ledger has this place.
    """
    refuse(folder, header)
    claim(folder)
    manifest = folder / manifest_path(header.year, header.place)
    shapes = [TABLES[name] for name in tables]
    files = []
    with TemporaryDirectory(dir=folder, prefix=".writing-") as beside:
        counts = write_tables(Path(beside), shapes, rows, json_lines, ".jsonl")
        database = duckdb_engine.connect(threads=1)
        for table in shapes:
            made = Path(beside) / f"{table.name}.parquet"
            duckdb_engine.to_parquet(database, Path(beside) / f"{table.name}.jsonl", table, made)
        database.close()
        for table in shapes:
            made = Path(beside) / f"{table.name}.parquet"
            path = _path(table.name, header.year, header.place)
            files.append(
                {"table": table.name, "path": path, "rows": counts[table.name], "sha256": digest(made)}
            )
            move(made, folder / path)
    put(manifest, as_json({"schema": VERSION, **header.as_json(), "files": files}))
    return counts


def read(folder: Path, year: int | None, tables: Sequence[str]) -> list[Export]:
    """Return the complete exports in a store, of one year or of all, in the order of their places.

    Raises:
        MissingExportError: when the folder is no store, or holds nothing of the year.
        SchemaVersionError, DamagedExportError: when anything in it cannot be relied on.
    """
    if read_mark(folder).get("kind") != KIND:
        raise MissingExportError(folder, "它是 CSV、JSON 一类的导出，汇总要 Parquet")
    found = [_export(folder, file, tables) for file in sorted((folder / MANIFESTS).glob("*/*/*.json"))]
    _refuse_strays(folder, tables, found)
    kept = [one for one in found if year is None or one.header.year == year]
    if not kept:
        raise MissingExportError(folder, f"里面没有 {year} 年的导出" if year else "里面还没有导出的账本")
    return kept


def _export(folder: Path, manifest: Path, tables: Sequence[str]) -> Export:
    content = load(manifest)
    if content.get("schema") != VERSION:
        raise SchemaVersionError(manifest, content.get("schema"), VERSION)
    try:
        header = Header.of_json(content)
        files = {one["table"]: one for one in content["files"]}
        parts = {name: _part(folder, header, name, files[name]) for name in tables}
    except (KeyError, TypeError, ValueError, PlaceNameError):
        raise DamagedExportError(manifest, "缺少内容") from None
    if manifest != folder / manifest_path(header.year, header.place):
        raise DamagedExportError(manifest, "被改了名，或移动过")
    return Export(header, parts)


def _part(folder: Path, header: Header, name: str, told: Mapping[str, Any]) -> Part:
    path = _path(name, header.year, header.place)
    file = folder / path
    if told["path"] != path or not file.is_file():
        raise DamagedExportError(file, "不见了")
    if digest(file) != told["sha256"]:
        raise DamagedExportError(file, "与清单不符：只写了一半，或被改过")
    return Part(folder / name, file, int(told["rows"]))


def _refuse_strays(folder: Path, tables: Sequence[str], found: Sequence[Export]) -> None:
    known = {part.file for one in found for part in one.parts.values()}
    for name in tables:
        for file in sorted((folder / name).rglob("*.parquet")):
            if file not in known:
                raise DamagedExportError(file, "没有清单：那次导出没有完成")


def _path(table: str, year: int, place: Place) -> str:
    return f"{table}/year={year}/city={place.city}/{place.county}.parquet"


def manifest_path(year: int, place: Place) -> Path:
    """Return where the manifest of one ledger's export lies in a store."""
    return Path(MANIFESTS, str(year), place.city, f"{place.county}.json")
