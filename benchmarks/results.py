"""Writes the page of results: ratios against the bars, the times only beside them."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Command

MEMORY = 100
"""MiB: the most that reading a million entries may take."""
AUDIT_MEMORY = 150
"""MiB: the most that an audit of 20,000 commits may take."""


@dataclass(frozen=True)
class Bar:
    """One bar: a command of ours may take at most `limit` times what the peer takes, of time or, `by_work`, of processor time."""

    job: str
    own: Command
    peer: Command
    limit: float
    by_work: bool = False

    @property
    def ratio(self) -> float:
        return self.own.median / self.peer.median

    @property
    def work(self) -> float:
        return self.own.cpu / self.peer.cpu

    @property
    def met(self) -> bool:
        return (self.work if self.by_work else self.ratio) <= self.limit


HEAD = """\
# Results

Written by `python -m benchmarks.run` and `python -m benchmarks.builds`, each its own section. Each figure is a median over whole processes,
started in turns so that a busy moment meets all of them; the first round is not counted. Read the ratios: the seconds are this
machine's. The ratio of the whole process's time is what is judged, unless the bar says that it is of work: the processor time (user and
system, with children), which other work on the machine disturbs less.
"""
PEERS = """\
## Against other programs

Before anything is timed, the runner compares the total of every target among all programs with the generated one and stops at the
first difference. Cold means that our cache directory is empty; the disk's cache is warm for everybody. The peers keep no cache, except
beancount, whose own is removed before each run.
"""
BUILDS = """\
## Against an earlier version

Both programs answer from copies of the same ledgers, which the earlier one made. Answers of reading commands are kept by this version while
nothing they depend on has changed, as those of `status` were before.
"""


def peers(
    bars: Sequence[Bar], peaks: Sequence[tuple[str, int, int, int]], environ: Mapping[str, str], query: str
) -> str:
    """Return the section on other programs as Markdown. Peaks are a job's name, its KiB, its peer's, and the most it may take in MiB."""
    memory = ["", "| peak memory of one process | ours (MiB) | peer (MiB) | bar | |", "|---|---|---|---|---|"]
    memory += [
        f"| {job} | {own / 1024:.0f} | {peer / 1024:.0f} | ≤ {limit} | {_verdict(own / 1024 <= limit)} |"
        for job, own, peer, limit in peaks
    ]
    words = "\nA long reading is shared by as many processes as there are processors, at most four.\n"
    return "\n".join((PEERS, *_table(bars), *memory, words, _machine(environ, query)))


def builds(bars: Sequence[Bar], versions: str, remarks: Sequence[str]) -> str:
    """Return the section on an earlier version as Markdown."""
    return "\n".join((BUILDS, *_table(bars), "", *remarks, "", f"Versions: {versions}.\n"))


def put(file: Path, section: str) -> None:
    """Write a section into the page of results, in the place of the one with the same title."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    sections = [f"## {part}" for part in text.split("\n## ")[1:]]
    title = section.partition("\n")[0]
    kept = [part.rstrip() + "\n" for part in sections if not part.startswith(title)]
    page = "\n".join((HEAD, *sorted([*kept, section.rstrip() + "\n"], reverse=True)))
    file.write_text(page, encoding="utf-8", newline="\n")


def put_rows(file: Path, section: str, bars: Sequence[Bar]) -> None:
    """Write the rows of some jobs into the table of a section, each in the place of the row of the same job and peer, new ones at its end.

    `section` is the section as it begins: its title and what it says of itself.
    """
    before, title, after = file.read_text(encoding="utf-8").partition(section)
    table, _, rest = after.partition("|\n\n")
    rows = {_job(row): row for row in _table(bars)[2:]}
    lines = [rows.pop(_job(line), line) for line in f"{table}|".split("\n")]
    text = "".join((before, title, "\n".join((*lines, *rows.values())), "\n\n", rest))
    file.write_text(text, encoding="utf-8", newline="\n")


def _job(row: str) -> tuple[str, ...]:
    return tuple(row.split(" | ")[:2])


def _table(bars: Sequence[Bar]) -> list[str]:
    rows = [
        "| job | peer | ours (s) | peer (s) | ratio | ratio of work | bar | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return rows + [
        f"| {bar.job} | {_name(bar.peer)} | {bar.own.median:.3f} | {bar.peer.median:.3f} | {bar.ratio:.3f} | {bar.work:.3f} |"
        f" ≤ {bar.limit:g}{' of work' if bar.by_work else ''} | {_verdict(bar.met)} |"
        for bar in bars
    ]


def _verdict(met: bool) -> str:
    return "met" if met else "**missed**"


def _name(peer: Command) -> str:
    return peer.label if "`" in peer.label else f"`{peer.label}`"


def _machine(environ: Mapping[str, str], query: str) -> str:
    versions = [f"Python {platform.python_version()}, {os.cpu_count()} processors"]
    for words in (
        ["/usr/bin/hledger", "--version"],
        ["/usr/bin/ledger", "--version"],
        ["git", "--version"],
        [query, "--version"],
    ):
        done = subprocess.run(words, env=dict(environ), capture_output=True, encoding="utf-8", check=False)
        versions.append(done.stdout.partition("\n")[0])
    return "Versions: " + "; ".join(versions) + ".\n"
