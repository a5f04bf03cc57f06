"""Times one push of one entry to a guarded server that writes receipts, against the same guard that writes none.

    python -m benchmarks.receipts [--runs 30] [--commits 1000] [--check]

The two servers hold the same history and are pushed to in turns. Judged is the ratio of processor time, of everything that the push
starts on both sides. The guard without receipts is the installed one with their two functions taken out and without the
reference-transaction hook.
"""

from __future__ import annotations

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import history
from benchmarks.measure import Command, rounds

BAR = 1.15
ENVIRON = {**os.environ, "PYTHONUTF8": "1", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
WITHOUT = """\
import sys
from ledger.rules.audit import receipts
receipts.settled_tip = lambda repo: None
receipts.prepare_receipts = lambda *_: None
from ledger.__main__ import main
main(["guard", "receive", sys.argv[1]])
"""
RECEIPTS = "refs/ledger/receipts"


def main() -> None:
    """Measure, print, and judge when asked to."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--runs", type=int, default=30)
    options.add_argument("--commits", type=int, default=1_000)
    options.add_argument("--check", action="store_true")
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as scratch:
        clone = Path(scratch) / "ledger"
        history.make(clone, wanted.commits)
        old, new = (git(clone, "rev-parse", name) for name in ("HEAD~1", "HEAD"))
        commands = []
        for label in ("with receipts", "without"):
            server = make_server(clone, Path(scratch) / f"{label.split()[0]}.git", old)
            if label == "without":
                take_receipts_out(server)
            push = ["git", "push", "--quiet", str(server), f"{new}:refs/heads/main"]
            commands.append(Command(label, push, rewound(server), cwd=clone))
        rounds(commands, ENVIRON, wanted.runs)
        kept = git(Path(scratch) / "with.git", "rev-list", "--count", RECEIPTS)
    assert kept == "2", "the push left no receipt"
    own, peer = commands
    ratio = own.cpu / peer.cpu
    least = min(own.work) / min(peer.work)
    pairs = statistics.median(one / other for one, other in zip(own.work, peer.work, strict=True))
    print(f"push with receipts {own.cpu:.3f} s of CPU, without {peer.cpu:.3f} s, medians of {wanted.runs}")
    print(
        f"ratio of medians {ratio:.2f}, of the least {least:.2f}, median of the pairs {pairs:.2f}; bar {BAR}"
    )
    if wanted.check and ratio > BAR:
        sys.exit("bar missed")


def make_server(clone: Path, server: Path, old: str) -> Path:
    """Return a guarded server that holds all but the last commit, with one receipt where it writes them."""
    git(clone, "init", "--quiet", "--bare", "--initial-branch=main", str(server))
    subprocess.run(
        [sys.executable, "-P", "-m", "ledger", "guard", "install", str(server)],
        check=True,
        capture_output=True,
    )
    git(clone, "push", "--quiet", str(server), f"{old}:refs/heads/main")
    return server


def take_receipts_out(server: Path) -> None:
    """Make the guard one that writes no receipts."""
    program = shlex.join([sys.executable, "-P", "-c", WITHOUT])
    hook = server / "hooks" / "pre-receive"
    hook.write_text(f'#!/bin/sh\nexport PYTHONUTF8=1\nexec {program} "$PWD"\n', encoding="utf-8")
    (server / "hooks" / "reference-transaction").unlink()
    git(server, "update-ref", "-d", RECEIPTS)


def rewound(server: Path) -> Callable[[], object]:
    """Return what puts the server's refs back to where they were before the push."""
    refs = git(server, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", RECEIPTS)

    def rewind() -> None:
        for line in refs.splitlines():
            name, target = line.split()
            git(server, "-c", "core.hooksPath=/dev/null", "update-ref", name, target)

    return rewind


def git(folder: Path, *words: str) -> str:
    """Run git in a folder and return what it prints."""
    done = subprocess.run(
        ["git", *words],
        cwd=folder if folder.is_dir() else None,
        env=ENVIRON,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


if __name__ == "__main__":
    main()
