"""A made-up province: 11 cities and 90 counties, each with a ledger; exported, rolled up by both engines, and measured.

    python -m benchmarks.rollup FOLDER [--ledgers 101] [--entries 3600] [--targets 400] [--spark]

Prints sizes, seconds and ratios; stops unless DuckDB, Spark and the ledgers' own `status` give the same figures. 模拟数据.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import generate

CITIES, COUNTIES = 11, 90
AS_OF = f"{generate.YEAR}-09-30"


def places(ledgers: int) -> list[tuple[str, str]]:
    """The cities themselves first, then the counties, dealt out among them."""
    cities = [(f"模拟市{number:02d}", "市本级") for number in range(CITIES)]
    counties = [(f"模拟市{number % CITIES:02d}", f"模拟县{number:02d}") for number in range(COUNTIES)]
    more = [(f"模拟市{number:04d}", "市本级") for number in range(CITIES, ledgers)]
    return (cities + counties + more)[:ledgers]


def make(root: Path, number: int, entries: int, targets: int) -> None:
    """One ledger; every one has other figures, because the size is the seed."""
    size = generate.Size(entries + number, targets)
    own = generate.accounts(size)
    generate._plan(root, own)
    current, block = "", []
    for line in generate.lines(size, own):
        if line.account.id != current:
            generate._flush(root, current, block)
            current, block = line.account.id, []
        block.append(generate._entry(line))
    generate._flush(root, current, block)
    identity = ["-c", "user.name=模拟", "-c", "user.email=benchmark@example.org"]
    for words in (
        ["init", "--quiet"],
        ["add", "--all"],
        [*identity, "commit", "--quiet", "--message", f"模拟 {number}"],
    ):
        subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)


def ledger(*words: str, cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "ledger", *words], cwd=cwd, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def timed(label: str, work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = work()
    seconds = time.perf_counter() - start
    print(f"{label}: {seconds:.1f} s", flush=True)
    return seconds, found


def size_of(*folders: Path) -> tuple[int, int]:
    """Files and bytes."""
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return len(files), sum(file.stat().st_size for file in files)


def report(label: str, files: int, amount: int) -> None:
    print(f"{label}: {files} files, {amount / 2**20:.1f} MiB", flush=True)


def compared(found: Any, folders: dict[tuple[str, str], Path], every: int) -> None:
    """Stop unless the rollup has the figures of each ledger's own status."""
    for ledger_ in found["ledgers"][::every]:
        folder = folders[ledger_["city"], ledger_["county"]]
        status = json.loads(ledger("status", "--as-of", AS_OF, "--format", "json", "--no-cache", cwd=folder))
        expected = [
            {key: row[key] for key in row.keys() - {"verified", "unverified"}}
            for row in status["departments"]
        ]
        shown = [
            {key: row[key] for key in own} for row, own in zip(ledger_["departments"], expected, strict=True)
        ]
        if shown != expected:
            raise SystemExit(f"{folder}: the rollup and status differ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ledgers", type=int, default=CITIES + COUNTIES)
    parser.add_argument("--entries", type=int, default=3600)
    parser.add_argument("--targets", type=int, default=400)
    parser.add_argument("--spark", action="store_true")
    chosen = parser.parse_args()
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])
    base = chosen.folder.resolve()
    folders = {place: base / "ledgers" / "-".join(place) for place in places(chosen.ledgers)}
    timed(
        "generated",
        lambda: [
            make(folder, number, chosen.entries, chosen.targets)
            for number, folder in enumerate(folders.values())
            if not folder.exists()
        ],
    )
    report("ledgers", *size_of(base / "ledgers"))
    lake = base / "lake"

    listed = base / "ledgers.txt"
    listed.write_text(
        "".join(f"{city}/{county}={folder}\n" for (city, county), folder in folders.items()), "utf-8"
    )
    export = ["export", "-o", str(lake), "--format", "parquet", "--as-of", AS_OF, "--all", str(listed)]
    exported, _ = timed("export to Parquet, one command", lambda: ledger(*export, cwd=base))
    timed("export again, nothing changed", lambda: ledger(*export, cwd=base))
    for table in ("commitments", "targets", "status", "entries"):
        report(f"  {table}", *size_of(lake / table))
    words = ["rollup", str(lake), "--format", "json"]
    duck, found = timed("rollup of the Parquet by DuckDB", lambda: json.loads(ledger(*words, cwd=base)))
    straight = ["rollup", "--all", str(listed), "--as-of", AS_OF, "--format", "json"]
    direct, again = timed("rollup of the ledgers themselves", lambda: json.loads(ledger(*straight, cwd=base)))
    timed("rollup of the ledgers again, nothing changed", lambda: ledger(*straight, cwd=base))
    if again != found:
        raise SystemExit("ledgers and exports differ")
    if chosen.spark:
        spark, other = timed(
            "rollup of the Parquet by Spark, local mode",
            lambda: json.loads(ledger(*words, "--engine", "spark", cwd=base)),
        )
        if other != found:
            raise SystemExit("DuckDB and Spark differ")
        print(f"Spark takes {spark / duck:.1f} × DuckDB")
    compared(found, folders, max(1, chosen.ledgers // 10))
    total = found["total"]
    print(
        f"{total['ledgers']} ledgers, {total['commitments']} commitments, {total['targets']} targets, {total['entries']} entries"
    )
    print(
        f"exporting takes {exported / duck:.1f} ×, reading the ledgers {direct / duck:.1f} × the rollup of the Parquet"
    )


if __name__ == "__main__":
    main()
