"""Times whole processes in turns, so that a busy moment of the machine meets all of them; knows no program in particular."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Command:
    """One process to time; `before` puts the world in the state it starts from and is not timed."""

    label: str
    words: Sequence[str]
    before: Callable[[], object] | None = None
    cwd: Path | None = None
    fails: bool = False
    seconds: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)  # seconds of processors, of the process and its children
    peak: int = 0  # KiB, of the process or its largest child

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def cpu(self) -> float:
        return statistics.median(self.work)


def rounds(commands: Sequence[Command], environ: Mapping[str, str], times: int) -> None:
    """Run every command once per round; the first round warms the disk's cache and is not counted."""
    for number in range(times + 1):
        for command in commands:
            if command.before:
                command.before()
            start = time.perf_counter()
            process = subprocess.Popen(
                command.words,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=dict(environ),
                cwd=command.cwd,
            )
            _, status, usage = os.wait4(process.pid, 0)
            elapsed = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode and not command.fails:
                raise SystemExit(
                    f"{command.label}: exit code {process.returncode}: {' '.join(command.words)}"
                )
            if number:
                command.seconds.append(elapsed)
                command.work.append(usage.ru_utime + usage.ru_stime)
            command.peak = max(command.peak, usage.ru_maxrss)


def output(words: Sequence[str], environ: Mapping[str, str]) -> str:
    """Return what a command prints."""
    done = subprocess.run(words, env=dict(environ), capture_output=True, check=True, encoding="utf-8")
    return done.stdout
