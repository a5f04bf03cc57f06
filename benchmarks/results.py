"""Writes the page of results: ratios against the bars, the times only beside them."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.measure import Command

MEMORY = 200
"""MiB: the most that reading a million entries may take."""


@dataclass(frozen=True)
class Bar:
    """One bar: a command of ours may take at most `limit` times what the peer takes."""

    job: str
    own: Command
    peer: Command
    limit: float

    @property
    def ratio(self) -> float:
        return self.own.median / self.peer.median

    @property
    def met(self) -> bool:
        return self.ratio <= self.limit


HEAD = """\
# Results

Written by `python -m benchmarks.run`. Before anything is timed, the runner compares the total of every target among all
programs with the generated one and stops at the first difference. Each figure is a median over whole processes, started in
turns so that a busy moment meets all of them; the first round is not counted. Read the ratios: the seconds are this machine's.
Cold means that our cache directory is empty; the disk's cache is warm for everybody. The peers keep no cache, except
beancount, whose own is removed before each run.
"""


def page(bars: Sequence[Bar], largest: Sequence[Bar], environ: Mapping[str, str]) -> str:
    """Return the page as Markdown."""
    rows = ["| job | peer | ours (s) | peer (s) | ratio | bar | |", "|---|---|---|---|---|---|---|"]
    rows += [
        f"| {bar.job} | {_name(bar.peer)} | {bar.own.median:.3f} | {bar.peer.median:.3f} | {bar.ratio:.3f} | ≤ {bar.limit:g} |"
        f" {'met' if bar.met else '**missed**'} |"
        for bar in bars
    ]
    peak = max(bar.own.peak for bar in largest) / 1024
    peer = max(bar.peer.peak for bar in largest) / 1024
    words = (
        f"\nPeak memory of one process, a million entries read cold: {peak:.0f} MiB (ledger-cli: {peer:.0f} MiB; bar: ≤ {MEMORY} MiB, "
        f"{'met' if peak <= MEMORY else '**missed**'}). A long reading is shared by as many processes as there are processors, at most four.\n"
    )
    return "\n".join((HEAD, *rows, words, _machine(environ)))


def _name(peer: Command) -> str:
    return peer.label if "`" in peer.label else f"`{peer.label}`"


def _machine(environ: Mapping[str, str]) -> str:
    versions = [f"Python {platform.python_version()}, {os.cpu_count()} processors"]
    for words in (["/usr/bin/hledger", "--version"], ["/usr/bin/ledger", "--version"], ["git", "--version"]):
        done = subprocess.run(words, env=dict(environ), capture_output=True, encoding="utf-8", check=False)
        versions.append(done.stdout.partition("\n")[0])
    return "Versions: " + "; ".join(versions) + ".\n"
