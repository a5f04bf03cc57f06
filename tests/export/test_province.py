"""A made-up province: 60 ledgers in 8 cities, every cell of every cut against an independent sum, by every engine. 模拟数据."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ledger.core.regions import city_of, load_regions
from ledger.render.columns import KIND_NAMES
from tests.conftest import COMMERCE, CONFIG, FINANCE, Ran

LEDGERS, CITIES = 60, 8
DAY = "2023-06-30"
CUTS = (
    "city", "county", "department", "kind", "light",
    "city,department", "county,department", "city,kind", "city,light", "department,light",
)  # fmt: skip
HEADS = {"city": "市", "county": "市/县", "department": "部门", "kind": "目标种类", "light": "亮灯"}


def places() -> list[str]:
    """Codes of 60 counties in the first cities of 浙江 that have enough of them."""
    counties: dict[str, list[str]] = {}
    for code in load_regions():
        if code.startswith("33") and not code.endswith("00"):
            counties.setdefault(city_of(code), []).append(code)
    cities = list(counties.values())[:CITIES]
    dealt = [county for rank in range(9) for city in cities if rank < len(city) for county in [city[rank]]]
    return dealt[:LEDGERS]


def make_ledger(folder: Path, code: str, seed: int) -> None:
    """Write and commit a ledger with a random number of departments and reports."""
    chance = random.Random(seed)
    lines: dict[str, list[str]] = {}
    for path, text in {"金融办/01": FINANCE, "商务局/01": COMMERCE}.items():
        put(folder / f"data/targets/2023/{path}.yaml", text)
    for number in range(chance.randrange(0, 9)):
        path, target, amount = chance.choice(
            [
                ("金融办/01", "loans", {"add": f"{chance.randrange(1, 400)}.{chance.randrange(10)}亿元"}),
                ("金融办/01", "listed", {"add": f"{chance.randrange(1, 9)}家"}),
                ("金融办/01", "balance", {"value": f"{chance.randrange(3000, 4000)}亿元"}),
                ("金融办/01", "green", {"value": f"{chance.randrange(-5, 20)}%"}),
                ("商务局/01", "overseas", {"add": f"{chance.randrange(1, 40000)}万美元"}),
            ]
        )
        entry = {
            "id": f"01H00000000000000000{seed:03d}{number:03d}",
            "on": f"2023-{chance.randrange(1, 7):02d}-{chance.randrange(1, 29):02d}",
            "target": target,
            **amount,
            "by": "模拟",
            "simulated": "模拟数据",
        }
        lines.setdefault(path, []).append(f"- {json.dumps(entry, ensure_ascii=False)}\n")
    for path, block in lines.items():
        put(folder / f"data/progress/2023/{path}.yaml", "".join(block))
    put(folder / "data/ledger.yaml", f"code: '{code}'\nsimulated: true\n{CONFIG}")
    for arguments in (
        ["init", "--quiet"],
        ["add", "--all"],
        ["commit", "--quiet", "--message", f"模拟 {seed}"],
    ):
        subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


class Province:
    """The ledgers by code, a list of them, and the program."""

    def __init__(self, root: Path, call: Callable[..., Ran]) -> None:
        self.root, self.call = root, call
        self.folders = {code: root / "ledgers" / code for code in places()}
        for seed, (code, folder) in enumerate(self.folders.items()):
            make_ledger(folder, code, seed)
        self.list = root / "名单.txt"
        self.list.write_text("".join(f"ledgers/{code}\n" for code in self.folders), "utf-8")

    def run(self, *arguments: str) -> Ran:
        done = self.call(*arguments)
        assert (done.code, done.err) == (0, ""), done
        return done

    def export(self, store: Path) -> Ran:
        return self.call(
            "export", "-o", str(store), "--format", "parquet", "--as-of", DAY, "--all", str(self.list)
        )


@pytest.fixture
def province(tmp_path: Path, cli: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> Province:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEDGER_TODAY", DAY)
    return Province(tmp_path, cli)


def statuses(province: Province) -> dict[str, list[Any]]:
    """Return the commitments of each ledger from its own `status --format json`."""
    return {
        code: json.loads(
            province.run("--root", str(folder), "status", "--as-of", DAY, "--format", "json").out
        )["commitments"]
        for code, folder in province.folders.items()
    }


def independent_sums(ledgers: dict[str, list[Any]], cut: str) -> dict[tuple[str, ...], dict[str, Any]]:
    """Return what each cell must be."""
    regions = load_regions()
    cells: dict[tuple[str, ...], dict[str, Any]] = {}

    def cell(names: dict[str, str]) -> dict[str, Any]:
        key = tuple(names[by] for by in cut.split(","))
        return cells.setdefault(key, {"values": [], "targets": 0, "without": 0})

    for code, commitments in ledgers.items():
        city = regions[city_of(code)]
        for commitment in commitments:
            names = {
                "city": city,
                "county": f"{city}/{regions[code]}",
                "department": commitment["department"],
            }
            if "kind" not in cut and "light" not in cut:
                cell(names)["values"].append(commitment["completion"])
            for target in commitment["targets"]:
                own = cell({**names, "kind": KIND_NAMES[target["kind"]], "light": target["light"]})
                own["targets"] += 1
                own["without"] += target["completion"] is None
                if "kind" in cut:
                    share = target["completion"]
                    own["values"].append(
                        None if share is None else min(Fraction(1), max(Fraction(0), Fraction(share)))
                    )
    return cells


def shown_cells(text: str, cut: str) -> dict[tuple[str, ...], dict[str, str]]:
    rows = list(csv.DictReader(io.StringIO(text)))
    return {tuple(row[HEADS[by]] for by in cut.split(",")): row for row in rows[:-1] if row["目标"] != "0"}


def exact(row: dict[str, str]) -> Fraction | None:
    below, _, above = row.get("完成率（精确分数）", "").partition("分之")
    if above:
        return Fraction(int(above), int(below))
    return Fraction(row["完成率"]) if row["完成率"] else None


@pytest.mark.slow
def test_every_cell_is_the_independent_sum_by_every_engine(province: Province) -> None:
    import polars

    store = province.root / "全省"
    assert province.export(store).code == 0
    members = ["--all", str(province.list), "--as-of", DAY]
    ledgers = statuses(province)
    for cut in CUTS:
        expected = independent_sums(ledgers, cut)
        for arguments in (members, [str(store)]):
            shown = shown_cells(province.run("rollup", *arguments, "--by", cut, "--format", "csv").out, cut)
            assert shown.keys() == expected.keys(), cut
            for names, cell in expected.items():
                row = shown[names]
                assert int(row["目标"]) == cell["targets"], (cut, names)
                if "light" in cut:
                    continue
                known = [Fraction(value) for value in cell["values"] if value is not None]
                assert exact(row) == (sum(known) / len(known) if known else None), (cut, names)
                assert int(row["目标未计"]) == cell["without"], (cut, names)
                if "kind" not in cut:
                    assert int(row["事项未计"]) == len(cell["values"]) - len(known), (cut, names)
    answers = {
        province.run("rollup", *arguments, "--format", "json").out for arguments in (members, [str(store)])
    }
    assert len(answers) == 1
    status = polars.scan_parquet(f"{store}/status/**/*.parquet", hive_partitioning=True)
    lights = status.group_by("city", "light").agg(polars.len().alias("targets")).collect().rows()
    assert {(city, light): count for city, light, count in lights} == {
        names: cell["targets"] for names, cell in independent_sums(ledgers, "city,light").items()
    }


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """A standalone Spark cluster of two worker processes on this machine; yields its address."""
    pyspark = pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("no Java")
    home = Path(pyspark.__file__).parent
    environ = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "LC_ALL": "C.UTF-8",
               "PYSPARK_PYTHON": sys.executable, "SPARK_WORKER_DIR": str(tmp_path / "work")}  # fmt: skip
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start = [str(home / "bin/spark-class")]
    master = "org.apache.spark.deploy.master.Master"
    worker = "org.apache.spark.deploy.worker.Worker"
    address = f"spark://127.0.0.1:{port}"
    log = (tmp_path / "cluster.log").open("wb")
    running = [
        subprocess.Popen(
            [*start, master, "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"],
            env=environ, stdout=log, stderr=log, start_new_session=True,
        )
    ]  # fmt: skip
    try:
        wait_for(lambda: connects(port))
        running += [
            subprocess.Popen(
                [*start, worker, "--host", "127.0.0.1", "--cores", "1", "--memory", "2g", "--webui-port", "0", address],
                env=environ, stdout=log, stderr=log, start_new_session=True,
            )
            for _ in range(2)
        ]  # fmt: skip
        wait_for(lambda: (tmp_path / "cluster.log").read_bytes().count(b"Registering worker") >= 2)
        yield address
    finally:
        for process in running:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        log.close()


def connects(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the cluster did not start"
        time.sleep(0.2)


@pytest.mark.slow
def test_a_cluster_of_two_workers_gives_the_same_bytes(
    province: Province, cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = province.root / "全省"
    assert province.export(store).code == 0
    expected = province.run("rollup", str(store), "--format", "json").out
    environ = {**os.environ, "SPARK_MASTER": cluster, "SPARK_LOCAL_IP": "127.0.0.1", "LEDGER_TODAY": DAY}
    command = [sys.executable, "-m", "ledger", "rollup", str(store), "--format", "json", "--engine", "spark"]
    done = subprocess.run(
        command, env=environ, capture_output=True, encoding="utf-8", check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout == expected


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_a_store_is_whole_or_refused_after_every_kill_and_the_next_export_finishes(
    province: Province,
) -> None:
    store = province.root / "全省"
    arguments = [
        "export",
        "-o",
        str(store),
        "--format",
        "parquet",
        "--as-of",
        DAY,
        "--all",
        str(province.list),
    ]
    expected = province.run("rollup", "--all", str(province.list), "--as-of", DAY, "--format", "json").out
    chance = random.Random(1)
    rounds = int(os.environ.get("LEDGER_KILLS", "3"))
    for _ in range(rounds):
        shutil.rmtree(store, ignore_errors=True)
        process = subprocess.Popen(
            [sys.executable, "-m", "ledger", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        with pytest.raises(subprocess.TimeoutExpired):
            process.communicate(timeout=chance.uniform(0.2, 1.5))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        interrupted = province.call("rollup", str(store), "--format", "json")
        if interrupted.code == 0:  # some ledgers are there: each whole
            for ledger in json.loads(interrupted.out)["ledgers"]:
                assert ledger in json.loads(expected)["ledgers"]
        assert province.export(store).code == 0
        assert province.run("rollup", str(store), "--format", "json").out == expected
