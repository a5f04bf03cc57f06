"""The only pyspark import: runs the same SQL over the same Parquet on Apache Spark, here in local mode."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

from ledger.warehouse.faults import Missing

_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    # Sums that do not fit are an error, as in DuckDB; without this they would come out as nothing.
    "spark.sql.ansi.enabled": "true",
    # A city called 001 is a text.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.shuffle.partitions": "8",
    "spark.sql.session.timeZone": "UTC",
}


def session(master: str = "local[*]") -> Any:
    """Return a session; on a cluster `SPARK_REMOTE` or spark-submit's own settings say where it runs.

    Raises:
        Missing: when pyspark is not installed.
    """
    # Java 17 reads file names by the locale: under C it cannot open a Chinese one.
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    try:
        from pyspark.sql import SparkSession  # type: ignore[import-not-found,unused-ignore]
    except ModuleNotFoundError:
        raise Missing("pyspark", "spark") from None
    builder: Any = SparkSession.builder
    builder = builder.appName("ledger rollup").master(master)
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


def run(parts: Mapping[str, Sequence[tuple[Path, Path]]], queries: Mapping[str, str]) -> dict[str, list[Any]]:
    """Run the queries over the tables' parts, each given as (folder of the table, file), and return the rows of each."""
    spark = session()
    try:
        for table, files in parts.items():
            folders: dict[Path, list[str]] = {}
            for folder, file in files:
                folders.setdefault(folder, []).append(str(file))
            frames = [
                spark.read.option("basePath", str(folder)).parquet(*own) for folder, own in folders.items()
            ]
            whole = reduce(lambda one, other: one.unionByName(other), frames)
            whole.withColumn("year", whole["year"].cast("int")).createOrReplaceTempView(table)
        return {name: [tuple(row) for row in spark.sql(query).collect()] for name, query in queries.items()}
    finally:
        spark.stop()
