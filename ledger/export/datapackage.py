"""The descriptor of a Frictionless data package: which files there are, and the type and meaning of every column."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ledger.export.files import file_digest
from ledger.export.header import Header
from ledger.export.schema import TABLES, VERSION, ExportColumn, ExportTable

_TYPES = {
    "text": "string",
    "decimal": "number",
    "integer": "integer",
    "date": "date",
    "flag": "boolean",
}


def descriptor(folder: Path, header: Header, counts: Mapping[str, int]) -> dict[str, object]:
    """Return `datapackage.json` of the CSV files in `folder`: a tabular data package with the header as its provenance."""
    title = f"{header.name} {header.year} 年，截至 {header.as_of}"
    return {
        "profile": "tabular-data-package",
        "name": "commitment-ledger-export",
        "title": title + ("（模拟数据）" if header.simulated else ""),
        "version": f"{VERSION}.0.0",
        "sources": [{"title": header.name, "path": f"git:{header.commit}"}],
        "provenance": header.to_json(),
        "resources": [_resource(folder, table, counts[name]) for name, table in TABLES.items()],
    }


def _resource(folder: Path, table: ExportTable, rows: int) -> dict[str, object]:
    file = folder / f"{table.name}.csv"
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": file.name,
        "description": table.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.stat().st_size,
        "hash": f"sha256:{file_digest(file)}",
        "rows": rows,
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "doubleQuote": True, "header": True},
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {"fields": list(here), "reference": {"resource": other, "fields": list(there)}}
                for here, other, there in table.belongs
            ],
        },
    }


def _field(column: ExportColumn) -> dict[str, object]:
    field: dict[str, object] = {"name": column.name, "type": _TYPES[column.kind], "description": column.about}
    return {**field, "constraints": {"required": True}} if column.required else field
