"""What a year, and ten, of one city's commits weigh: objects, bytes, and seconds of what people do, for docs/internals/scale.md.

    python -m benchmarks.scale FOLDER [COMMITS…]

The ledger is the real plan with made-up reports, one commit each. 模拟数据.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import history

PROGRAM = (sys.executable, "-m", "ledger")
IDENTITY = {"GIT_AUTHOR_NAME": "模拟", "GIT_AUTHOR_EMAIL": history.EMAIL, "GIT_COMMITTER_NAME": "模拟"}
IDENTITY |= {"GIT_COMMITTER_EMAIL": history.EMAIL, "LEDGER_TODAY": "2023-12-31"}


def seconds(words: Sequence[str], cwd: Path, times: int = 3) -> float:
    """The best of some runs of a whole process."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(words, cwd=cwd, check=False, capture_output=True, env=os.environ | IDENTITY)
        found.append(time.perf_counter() - start)
    return min(found)


def counted(root: Path) -> dict[str, int]:
    """What `git count-objects -v` says: objects and KiB, loose and packed."""
    told = history.git(root, "count-objects", "-v")
    return {name: int(value) for name, _, value in (line.partition(": ") for line in told.splitlines())}


def measure(folder: Path, commits: int) -> None:
    root = folder / f"city-{commits}"
    if not root.exists():
        history.make(root, commits)
    found = counted(root)
    files = [path for path in (root / "data").rglob("*") if path.is_file()]
    print(
        f"{commits} commits: {found['in-pack']} objects, pack {found['size-pack'] / 1024:.1f} MiB", flush=True
    )
    print(f"  files {len(files)}, {sum(one.stat().st_size for one in files) / 2**20:.1f} MiB")
    before = counted(root)
    log = seconds([*PROGRAM, "log", "金融办", "新增上市公司", "1家", "--on", "2023-12-31"], root)
    after = counted(root)
    print(
        f"  one log: {(after['count'] - before['count']) / 3:.1f} objects, {(after['size'] - before['size']) / 3:.0f} KiB loose"
    )
    for label, words in {
        "python -c pass": [sys.executable, "-c", "pass"],
        "git log": ["git", "log", "--oneline"],
        "git clone": ["git", "clone", "--quiet", "--no-local", "--bare", ".", "../clone.git"],
        "status cold": [*PROGRAM, "status", "--no-cache"],
        "status warm": [*PROGRAM, "status"],
        "check": [*PROGRAM, "check"],
        "audit": [*PROGRAM, "audit"],
    }.items():
        if label == "git clone":
            subprocess.run(["rm", "-rf", str(folder / "clone.git")], check=True)
        print(f"  {label}: {seconds(words, root, 1 if label == 'git clone' else 3):.2f} s", flush=True)
    print(f"  log: {log:.2f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("commits", type=int, nargs="*", default=[3600, 36_000])
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])
    for commits in chosen.commits:
        measure(chosen.folder.resolve(), commits)


if __name__ == "__main__":
    main()
