"""Writes a year of a ledger as tables for other programs: CSV, JSON Lines, a data package, or Parquet; whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger.core.progress.report import Query
from ledger.export import store
from ledger.export.datapackage import descriptor
from ledger.export.files import as_json, refuse_foreign, replace_folder
from ledger.export.place import Place
from ledger.export.rows import extract, header
from ledger.export.schema import TABLES
from ledger.export.textfiles import json_lines, plain_csv, spreadsheet_csv, write_tables
from ledger.files.ledger import Ledger


class Form(StrEnum):
    """What an export is written as."""

    CSV = "csv"
    JSONL = "jsonl"
    PACKAGE = "datapackage"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, where, and how many rows of each table."""

    folder: Path
    form: Form
    place: Place
    query: Query
    rows: Mapping[str, int]
    simulated: bool


def rehearse(ledger: Ledger, query: Query, form: Form, folder: Path, place: Place) -> Exported:
    """Return what `export` would write into `folder`: it is written where nobody sees it, and nothing of it stays.

    Raises:
        InvalidLedgerError, ForeignFolderError, LedgerMismatchError, SchemaVersionError, MissingDependencyError: as `export` does.
    """
    if form is Form.PARQUET:
        store.refuse(folder, header(ledger, query, place))
    else:
        refuse_foreign(folder, form.value)
    with TemporaryDirectory(prefix="ledger-") as aside:
        return replace(export(ledger, query, form, Path(aside) / "tables", place), folder=folder)


def export(ledger: Ledger, query: Query, form: Form, folder: Path, place: Place) -> Exported:
    """Write the tables of a year, as of the end of a day, into `folder`.

    Raises:
        InvalidLedgerError: when a file of the ledger holds an error.
        ForeignFolderError: when the folder holds anything else; LedgerMismatchError, SchemaVersionError: when Parquet there is not ours to replace.
        MissingDependencyError: when Parquet is asked for and duckdb is not installed.
    """
    rows = extract(ledger, query, place)
    if form is Form.PARQUET:
        counts = store.write(folder, header(ledger, query, place), rows, tuple(TABLES))
        return Exported(folder, form, place, query, counts, ledger.config.simulated)
    counts = {}

    def fill(made: Path) -> None:
        tables = TABLES.values()
        if form is Form.JSONL:
            counts.update(write_tables(made, tables, rows, json_lines, ".jsonl"))
        elif form is Form.CSV:
            counts.update(write_tables(made, tables, rows, spreadsheet_csv, ".csv", "utf-8-sig"))
        else:
            counts.update(write_tables(made, tables, rows, plain_csv, ".csv"))
            title = f"{ledger.config.name} {query.year} 年，截至 {query.as_of}"
            about = descriptor(made, title, counts, simulated=ledger.config.simulated)
            (made / "datapackage.json").write_bytes(as_json(about))

    replace_folder(folder, form.value, fill)
    return Exported(folder, form, place, query, counts, ledger.config.simulated)
