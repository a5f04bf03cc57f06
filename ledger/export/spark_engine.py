"""The only pyspark import: runs the same SQL over the same Parquet on Apache Spark, here in local mode."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

from ledger.export.errors import MissingDependencyError, MissingJavaError

_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # Sums that do not fit are an error, as in DuckDB; without this they would come out as nothing.
    "spark.sql.ansi.enabled": "true",
    # A city called 001 is a text.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.shuffle.partitions": "8",
    # A ledger's files are small and many: they are looked up by the driver, and many of them make one task.
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "100000",
    "spark.sql.files.openCostInBytes": "65536",
    "spark.sql.session.timeZone": "UTC",
}
_LOCAL = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}


def session() -> Any:
    """Return a session on this machine, or on the cluster that `SPARK_MASTER` names.

    Raises:
        MissingDependencyError: when pyspark is not installed.
        MissingJavaError: when there is no Java.
    """
    _speak_utf8()
    try:
        from pyspark.sql import SparkSession  # type: ignore[import-not-found,unused-ignore]
    except ModuleNotFoundError:
        raise MissingDependencyError("pyspark", "spark") from None
    if "JAVA_HOME" not in os.environ and shutil.which("java") is None:
        raise MissingJavaError
    builder: Any = SparkSession.builder
    master = os.environ.get("SPARK_MASTER", "local[*]")
    builder = builder.appName("ledger rollup").master(master)
    for name, value in (_SETTINGS | (_LOCAL if master.startswith("local") else {})).items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


def _speak_utf8() -> None:
    """See that Java, which reads file names by the locale, can open Chinese ones; under C it cannot."""
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(name)), "C")
    if "UTF8" not in locale.upper().replace("-", ""):
        os.environ["LC_ALL"] = "C.UTF-8"


def run(parts: Mapping[str, Sequence[tuple[Path, Path]]], queries: Mapping[str, str]) -> dict[str, list[Any]]:
    """Run the queries over the tables' parts, each given as (folder of the table, file), and return the rows of each."""
    spark = session()
    try:
        for table, files in parts.items():
            folders: dict[Path, list[str]] = {}
            for folder, file in files:
                folders.setdefault(folder, []).append(str(file))
            frames = [
                spark.read.option("basePath", str(folder)).parquet(*files)
                for folder, files in folders.items()
            ]
            whole = reduce(lambda frame, other: frame.unionByName(other), frames)
            whole.withColumn("year", whole["year"].cast("int")).createOrReplaceTempView(table)
        return {name: [tuple(row) for row in spark.sql(query).collect()] for name, query in queries.items()}
    finally:
        spark.stop()
