"""DuckDB: turns JSON Lines into Parquet, and runs the rollup's SQL over Parquet on this machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ledger.export.errors import DamagedExportError, MissingDependencyError
from ledger.export.schema import DECIMAL_DIGITS, DECIMAL_PLACES, PARTITION, ColumnType, ExportTable

TYPES: Mapping[ColumnType, str] = {
    "text": "VARCHAR",
    "decimal": f"DECIMAL({DECIMAL_DIGITS}, {DECIMAL_PLACES})",
    "integer": "BIGINT",
    "date": "DATE",
    "flag": "BOOLEAN",
}
_HIVE = "hive_partitioning = true, hive_types = {'year': BIGINT, 'as_of': DATE}"
_LONGEST_LINE = 1 << 26


def connect(threads: int | None = None) -> Any:
    """Return a database in memory that loads nothing from anywhere.

    Raises:
        MissingDependencyError: when duckdb is not installed.
    """
    try:
        import duckdb
    except ModuleNotFoundError:
        raise MissingDependencyError("duckdb", "rollup") from None
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if threads:
        config["threads"] = threads
    return duckdb.connect(config=config)


def to_parquet(database: Any, lines: Path, table: ExportTable, file: Path) -> None:
    """Write one table's JSON Lines as Parquet, without the columns that folder names give; on one thread the bytes are always the same."""
    columns = ", ".join(f"{column.name}: '{TYPES[column.kind]}'" for column in table.columns)
    kept = ", ".join(name for name in table.names if name not in PARTITION)
    source = (
        f"read_json({_quoted(lines)}, format = 'newline_delimited', columns = {{{columns}}}, "
        f"maximum_object_size = {_LONGEST_LINE})"
    )
    database.execute(
        f"COPY (SELECT {kept} FROM {source}) TO {_quoted(file)} (FORMAT parquet, COMPRESSION zstd)"  # noqa: S608
    )


def run(parts: Mapping[str, Sequence[tuple[Path, Path]]], queries: Mapping[str, str]) -> dict[str, list[Any]]:
    """Run the queries over the tables' parts, each given as (folder of the table, file), and return the rows of each.

    Raises:
        DamagedExportError: when a part cannot be read as Parquet.
        MissingDependencyError: when duckdb is not installed.
    """
    database = connect()
    import duckdb

    try:
        for table, files in parts.items():
            names = ", ".join(_quoted(file) for _, file in files)
            database.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet([{names}], {_HIVE})")  # noqa: S608
        return {name: database.execute(query).fetchall() for name, query in queries.items()}
    except duckdb.Error as error:
        raise DamagedExportError(_culprit(parts), f"读不成 Parquet（{str(error).splitlines()[0]}）") from None
    finally:
        database.close()


def _culprit(parts: Mapping[str, Sequence[tuple[Path, Path]]]) -> Path:
    """Return the first file that cannot be read by itself, or the folder they all lie in."""
    import duckdb

    for files in parts.values():
        for _, file in files:
            try:
                connect().execute(f"SELECT count(*) FROM read_parquet({_quoted(file)})")  # noqa: S608
            except duckdb.Error:
                return file
    return next(iter(parts.values()))[0][0].parent


def _quoted(path: Path) -> str:
    return "'" + path.as_posix().replace("'", "''") + "'"
