"""Times `ledger audit` and a push through `ledger guard` against plain `git log -p --numstat` over the same commits.

    python benchmarks/audit.py [--commits 20000] [--push 1000] [--keep FOLDER] [--check]

Prints Markdown; with `--check` ends with 1 when a bar is missed: audit ≤ 1 ×, guard ≤ 2 ×, peak memory ≤ 150 MiB.
The best of three runs counts, for the machine may have other work.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from history import git, make

RUNS = 3
MIB = 1024


def main() -> None:
    """Measure, print, and judge when asked to."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--commits", type=int, default=20_000)
    options.add_argument("--push", type=int, default=1_000)
    options.add_argument("--keep", type=Path, help="make the repository here and leave it for the next run")
    options.add_argument("--check", action="store_true")
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as scratch:
        folder = wanted.keep or Path(scratch) / "ledger"
        if not folder.exists():
            make(folder, wanted.commits)
        rows = [*_audit(folder, wanted.commits), *_guard(folder, Path(scratch), wanted.push)]
    print("| 量的是什么 | 用时 | 同一范围 git log -p --numstat | 比值 | 限 | 内存峰值 |")
    print("|---|---|---|---|---|---|")
    for name, took, plain, bar, peak in rows:
        print(
            f"| {name} | {took:.2f} s | {plain:.2f} s | {took / plain:.2f} × | ≤ {bar} × | {peak / MIB:.0f} MiB |"
        )
    missed = [name for name, took, plain, bar, peak in rows if took > bar * plain or peak > 150 * MIB]
    if wanted.check and missed:
        sys.exit(f"bars missed: {', '.join(missed)}")


Row = tuple[str, float, float, int, int]


def _audit(folder: Path, commits: int) -> list[Row]:
    plain = _best(["git", "log", "-p", "--numstat"], folder)[0]
    took, peak = _best([sys.executable, "-m", "ledger", "audit", "--full"], folder)
    again, small = _best([sys.executable, "-m", "ledger", "audit"], folder)
    return [
        (f"ledger audit --full，{commits} 次提交", took, plain, 1, peak),
        ("ledger audit，上次查过之后没有新提交", again, plain, 1, small),
    ]


def _guard(folder: Path, scratch: Path, push: int) -> list[Row]:
    """Time the hook alone, as git calls it, on a server that holds all but the last commits; its objects lie in quarantine."""
    old, new = (git(folder, "rev-parse", name).strip() for name in (f"HEAD~{push}", "HEAD"))
    plain = _best(["git", "log", "-p", "--numstat", f"{old}..{new}"], folder)[0]
    server = scratch / "server.git"
    git(folder, "clone", "--quiet", "--bare", str(folder), str(server))
    subprocess.run(
        [sys.executable, "-m", "ledger", "guard", "install", str(server)], check=True, capture_output=True
    )
    command = [sys.executable, "-P", "-m", "ledger", "guard", "receive", str(server)]
    took, peak = _best(command, server, f"{old} {new} refs/heads/main\n".encode())
    pushes = []
    for _ in range(RUNS):
        git(server, "update-ref", "refs/heads/main", old)
        start = time.perf_counter()
        git(folder, "push", "--quiet", str(server), "HEAD:main")
        pushes.append(time.perf_counter() - start)
    return [
        (f"守卫判断一次推送，{push} 次提交", took, plain, 2, peak),
        (f"整个 git push 连同守卫，{push} 次提交", min(pushes), plain, 2, peak),
    ]


def _best(command: list[str], folder: Path, given: bytes = b"") -> tuple[float, int]:
    """Return the shortest time of several runs in seconds, and the largest peak of memory in KiB, of the process itself."""
    times, peaks = [], []
    for _ in range(RUNS):
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        assert process.stdin is not None
        process.stdin.write(given)
        process.stdin.close()
        _, status, used = os.wait4(process.pid, 0)
        times.append(time.perf_counter() - start)
        peaks.append(used.ru_maxrss)
        if status:
            raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return min(times), max(peaks)


if __name__ == "__main__":
    main()
