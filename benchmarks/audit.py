"""Times `ledger audit` and a push through `ledger guard` against plain `git log -p --numstat` over the same commits.

    python benchmarks/audit.py [--commits 20000] [--push 1000] [--runs 15] [--keep FOLDER] [--check]

Whole processes take turns and medians are compared; processor time stands beside, for the machine may have other work. Prints
Markdown; with `--check` ends with 1 when a bar is missed: audit ≤ 1 ×, guard ≤ 2 ×, peak memory ≤ 150 MiB.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from history import git, make
from measure import Command, rounds

MIB = 1024
MEMORY = 150
# Installed programs have compiled files; without them every start compiles all of ours.
ENVIRON = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Row:
    """One command beside git's own, and how many times as long it may take; without a bar it is only told."""

    name: str
    own: Command
    plain: Command
    bar: int | None = None

    @property
    def ratio(self) -> float:
        return self.own.median / self.plain.median

    @property
    def missed(self) -> bool:
        return self.bar is not None and (self.ratio > self.bar or self.own.peak > MEMORY * MIB)

    def __str__(self) -> str:
        own, plain = self.own, self.plain
        limit = "" if self.bar is None else f"≤ {self.bar}"
        return (
            f"| {self.name} | {own.median:.2f} s | {plain.median:.2f} s | {self.ratio:.2f} | {own.cpu / plain.cpu:.2f} "
            f"| {limit} | {own.peak / MIB:.0f} MiB |"
        )


def main() -> None:
    """Measure, print, and judge when asked to."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--commits", type=int, default=20_000)
    options.add_argument("--push", type=int, default=1_000)
    options.add_argument("--runs", type=int, default=15)
    options.add_argument("--keep", type=Path, help="make the repository here and leave it for the next run")
    options.add_argument("--check", action="store_true")
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as scratch:
        folder = wanted.keep or Path(scratch) / "ledger"
        if not folder.exists():
            make(folder, wanted.commits)
        rows = [
            *_guard(folder, Path(scratch), wanted.push, wanted.runs),
            *_audit(folder, wanted.commits, wanted.runs),
        ]
    print("| 量的是什么 | 用时 | git log -p --numstat，同一范围 | 用时之比 | CPU 之比 | 限 | 内存峰值 |")
    print("|---|---|---|---|---|---|---|")
    print(*rows, sep="\n")
    missed = [row.name for row in rows if row.missed]
    if wanted.check and missed:
        sys.exit(f"bars missed: {', '.join(missed)}")


def _audit(folder: Path, commits: int, runs: int) -> Iterator[Row]:
    plain = Command("git log", ["git", "log", "-p", "--numstat"], cwd=folder)
    full = Command("audit --full", _ledger("audit", "--full"), cwd=folder)
    again = Command("audit", _ledger("audit"), cwd=folder)
    rounds([plain, full, again], ENVIRON, runs)
    yield Row(f"`ledger audit --full`，{commits:,} 次提交", full, plain, 1)
    yield Row("`ledger audit`，没有新提交", again, plain, 1)


def _guard(folder: Path, scratch: Path, push: int, runs: int) -> Iterator[Row]:
    """Time the hook alone, as git calls it, on a server that holds all but the last commits; and whole pushes with and without it."""
    old, new = (git(folder, "rev-parse", name).strip() for name in (f"HEAD~{push}", "HEAD"))
    server, open_server = scratch / "server.git", scratch / "open.git"
    for item in (server, open_server):
        git(folder, "clone", "--quiet", "--bare", str(folder), str(item))
        git(item, "update-ref", "refs/heads/main", old)
    subprocess.run(_ledger("guard", "install", str(server)), check=True, capture_output=True)
    asked = scratch / "asked"
    asked.write_text(f"{old} {new} refs/heads/main\n", encoding="ascii")
    hook = f"exec {shlex.quote(str(server / 'hooks' / 'pre-receive'))} < {shlex.quote(str(asked))}"
    plain = Command("git log", ["git", "log", "-p", "--numstat", f"{old}..{new}"], cwd=folder)
    judged = Command("hook", ["sh", "-c", hook], cwd=server)
    rounds([plain, judged], ENVIRON, runs)
    yield Row(f"守卫判断 {push:,} 次提交的推送", judged, plain, 2)
    whole = [
        Command(
            "push",
            ["git", "push", "--quiet", str(item), "HEAD:main"],
            _rewound(folder, item, old),
            cwd=folder,
        )
        for item in (server, open_server)
    ]
    rounds(whole, ENVIRON, max(3, runs // 3))
    yield Row("整个 `git push` 连同守卫", whole[0], plain)
    yield Row("整个 `git push`，不装守卫", whole[1], plain)


def _rewound(folder: Path, server: Path, old: str) -> Callable[[], object]:
    """Return what makes a server as it was before the push, its objects too."""

    def rewind() -> None:
        shutil.rmtree(server / "objects")
        (server / "objects" / "info").mkdir(parents=True)
        (server / "objects" / "pack").mkdir()
        for ref in ("refs/heads/main", "refs/ledger/receipts"):
            git(server, "update-ref", "-d", ref)
        git(
            folder,
            "push",
            "--quiet",
            "--no-verify",
            "--receive-pack=git -c core.hooksPath=/dev/null receive-pack",
            str(server),
            f"{old}:refs/heads/main",
        )

    return rewind


def _ledger(*arguments: str) -> Sequence[str]:
    return [sys.executable, "-P", "-m", "ledger", *arguments]


if __name__ == "__main__":
    main()
