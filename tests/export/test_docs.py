"""What docs/reference/export.md shows is what the program does: its commands run, its version is ours, its SQL gives the means."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ledger.export.schema import TABLES, VERSION
from tests.conftest import World
from tests.paths import DOCS

PAGE = (DOCS / "reference" / "export.md").read_text(encoding="utf-8")


def test_every_table_has_its_section() -> None:
    assert re.findall(r"^### (\w+)$", PAGE, re.MULTILINE) == [
        "网页",
        "不能合在一起的",
        "每张表开头的列",
        *TABLES,
    ]


def test_the_page_names_the_version_of_the_tables() -> None:
    assert f"现在是第 {VERSION} 版" in PAGE


def test_the_commands_of_the_page_run(world: World, tmp_path: Path) -> None:
    other = tmp_path / "另一本"
    assert world("init", str(other)).code == 0
    shown = re.findall(r"^\$ ledger (.*?)(?: > .*)?$", PAGE, re.MULTILINE)
    assert len(shown) == 8
    folders = {"湖州=账本/湖州": f"湖州={world.root}", "湖州/安吉=账本/安吉": f"湖州/安吉={other}"}
    for line in shown:
        words = [folders.get(word, word) for word in shlex.split(line)]
        done = world(*words)
        assert (done.code, done.err) == (0, ""), words


@pytest.fixture
def store(world: World) -> Path:
    """A store in which one completion is a third."""
    assert world("log", "金融办", "loans", "50亿元", "--on", "2023-03-31").code == 0
    assert world("export", "-o", "全省", "--format", "parquet", "--city", "湖州").code == 0
    return world.root / "全省"


def expected(world: World) -> tuple[float, int, int]:
    total = json.loads(world("rollup", "全省", "--format", "json").out)["total"]
    counted = total["commitments"] - total["uncounted"]
    return round(float(Fraction(total["completion"])), 6), counted, total["uncounted"]


def query() -> str:
    block = re.search(r"<!-- sql: mean -->\n```sql\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    return block[1]


def of_row(row: Any) -> tuple[str, float, int, int]:
    city, mean, counted, uncounted = row
    return city, float(mean), counted, uncounted


def test_the_query_gives_the_mean_in_duckdb(world: World, store: Path) -> None:
    import duckdb

    parts = f"read_parquet('{store}/commitments/**/*.parquet', hive_partitioning = true)"
    (row,) = duckdb.sql(query().replace("FROM commitments", f"FROM {parts}")).fetchall()
    assert of_row(row) == ("湖州市", *expected(world))


def test_the_query_gives_the_mean_in_polars(world: World, store: Path) -> None:
    import polars

    commitments = polars.scan_parquet(f"{store}/commitments/**/*.parquet", hive_partitioning=True)
    cities = commitments.group_by("city").agg(
        polars.col("completion").cast(polars.Float64).mean().round(6).alias("mean"),
        polars.col("completion_denominator").count().alias("counted"),
        polars.col("completion_denominator").null_count().alias("uncounted"),
    )
    (row,) = cities.collect().rows()
    assert of_row(row) == ("湖州市", *expected(world))


@pytest.mark.slow
def test_the_query_gives_the_mean_in_spark(world: World, store: Path) -> None:
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("no Java")
    from ledger.export.spark_engine import session

    spark = session()
    try:
        spark.read.parquet(f"{store}/commitments").createOrReplaceTempView("commitments")
        (row,) = spark.sql(query()).collect()
    finally:
        spark.stop()
    assert of_row(row) == ("湖州市", *expected(world))
