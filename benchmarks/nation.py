"""Makes a nation's store of 31 copies of a province's, each ledger with an identity and a city of its own, and rolls it up.

    python -m benchmarks.nation STORE FOLDER [--copies 31]

STORE is what `benchmarks.rollup` exported. Prints the time and the peak memory of `ledger rollup`, and stops unless the nation's sums are
the province's times the copies. 模拟数据.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.measure import Command, output, rounds

TABLES = ("commitments", "status")
"""What a roll-up reads; the manifests of the copies name no other table."""


def copy(store: Path, folder: Path, number: int) -> None:
    """Add one copy of a store's ledgers to a store in `folder`."""
    shutil.copy(store / "ledger-export.json", folder)
    database = duckdb.connect()
    for file in sorted((store / "manifests").rglob("*.json")):
        manifest = json.loads(file.read_text(encoding="utf-8"))
        identity = hashlib.sha1(f"{manifest['ledger']} {number}".encode(), usedforsecurity=False).hexdigest()
        city = f"{manifest['place']['city']}-{number:02d}"
        manifest["files"] = [
            _copied(database, store, folder, entry, identity, city)
            for entry in manifest["files"]
            if entry["table"] in TABLES
        ]
        manifest["ledger"], manifest["place"]["city"] = identity, city
        target = folder / file.relative_to(store).with_name(f"{identity[:16]}.json")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")


def _copied(
    database: duckdb.DuckDBPyConnection,
    store: Path,
    folder: Path,
    entry: dict[str, Any],
    identity: str,
    city: str,
) -> dict[str, Any]:
    old = store / entry["path"]
    path = Path(entry["path"]).with_name(f"{identity[:16]}.parquet")
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    database.execute(
        f"COPY (SELECT * REPLACE ('{identity}' AS ledger, '{city}' AS city) FROM read_parquet('{old}', hive_partitioning=false))"
        f" TO '{folder / path}' (FORMAT parquet)"
    )
    digest = hashlib.sha256((folder / path).read_bytes()).hexdigest()
    return entry | {"path": path.as_posix(), "sha256": digest}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("store", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--copies", type=int, default=31)
    chosen = parser.parse_args()
    if not chosen.folder.exists():
        chosen.folder.mkdir(parents=True)
        for number in range(chosen.copies):
            copy(chosen.store, chosen.folder, number)
            print(f"copy {number + 1}", flush=True)
    ledger = [sys.executable, "-m", "ledger", "rollup", "--format", "json"]
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = Command("rollup of the nation", [*ledger, str(chosen.folder)])
    rounds([command], environ, 1)
    province = json.loads(output([*ledger, str(chosen.store)], environ))["total"]
    nation = json.loads(output([*ledger, str(chosen.folder)], environ))["total"]
    for name in ("ledgers", "commitments", "targets", "entries"):
        if nation[name] != chosen.copies * province[name]:
            raise SystemExit(f"{name}: {nation[name]}, not {chosen.copies} times {province[name]}")
    if nation["completion"] != province["completion"]:
        raise SystemExit("the nation's mean is not the province's")
    files = [file for file in chosen.folder.rglob("*") if file.is_file()]
    print(
        f"{nation['ledgers']} ledgers, {nation['targets']} targets, {len(files)} files,"
        f" {sum(file.stat().st_size for file in files) / 2**20:.0f} MiB:"
        f" {command.median:.1f} s, {command.cpu:.1f} s of processor, {command.peak / 1024:.0f} MiB at most"
    )


if __name__ == "__main__":
    main()
