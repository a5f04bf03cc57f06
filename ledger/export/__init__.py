"""Tables outside the ledger: what is exported, how it lies in files, and exact sums over many ledgers."""

from __future__ import annotations

from enum import StrEnum


class ExportFormat(StrEnum):
    """What an export is written as."""

    CSV = "csv"
    JSONL = "jsonl"
    DATAPACKAGE = "datapackage"
    PARQUET = "parquet"


class Engine(StrEnum):
    """What runs the SQL of a roll-up."""

    DUCKDB = "duckdb"
    SPARK = "spark"
