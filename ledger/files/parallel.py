"""Processing of many commitments by forked processes.

Results come back as JSON through a pipe, never pickled. What a child process fails to do is missing from the result, and the caller
does it again in its own process, with the messages that belong to it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ledger.files import layout

Work = Callable[[Sequence[str]], Mapping[str, Any]]
"""Processes some of the items and returns a result for each, in JSON types."""

MAX_PROCESSES = 4
"""More processes than this wait for the disk and for each other."""
PLAN_WEIGHT = 50_000
"""Reading a commitment file takes as long as this many bytes of entries."""
MIN_BYTES = 30_000_000
"""Bytes from which a second process pays. It takes some 60 ms of processor time more, whatever the size: each process meets the figures and words
of a plan for the first time, and copies the memory it touches. At 100,000 entries that is a fifth of all work."""


def map_commitments(root: Path, year: int, paths: Sequence[str], work: Work) -> dict[str, Any]:
    """Apply `work` to the commitment files of a year in several processes, where that pays: from 30 MB of entries on.

    `paths` are relative to `root`; each commitment file counts as 50 kB. Returns an empty dict where it does not pay.
    """
    return map_forked(paths, work) if _is_worth_forking(root, year, paths) else {}


def _is_worth_forking(root: Path, year: int, paths: Sequence[str]) -> bool:
    left = MIN_BYTES - PLAN_WEIGHT * len(paths)
    targets, progress = f"{root}/{layout.TARGETS}/{year}/", f"{root}/{layout.PROGRESS}/{year}/"
    for path in paths:
        if left <= 0:
            return True
        with suppress(OSError):
            left -= os.stat(f"{root}/{path}".replace(targets, progress, 1)).st_size  # noqa: PTH116 - one for each file
    return left <= 0


def map_forked(items: Sequence[str], work: Work, *, processes: int | None = None) -> dict[str, Any]:
    """Return what `work` makes of all items, done by as many processes as there are processors, at most four."""
    count = min(processes or os.cpu_count() or 1, MAX_PROCESSES, len(items))
    if count < 2 or sys.platform == "win32":
        return dict(work(items))
    children = []
    for number in range(1, count):
        try:
            children.append(_fork(items[number::count], work))
        except OSError:  # no more processes allowed: the caller does what is missing
            break
    results = dict(work(items[::count]))
    for process, pipe in children:
        with suppress(OSError, ValueError), os.fdopen(pipe, "rb") as stream:
            results.update(json.loads(stream.read()))
        with suppress(OSError):
            os.waitpid(process, 0)
    return results


def _fork(items: Sequence[str], work: Work) -> tuple[int, int]:
    """Start a child process for some items; return its id and the pipe that its results come through."""
    read_end, write_end = os.pipe()
    process = os.fork()
    if process:
        os.close(write_end)
        return process, read_end
    try:  # in the child: neither return nor flush what the parent has still to print
        os.close(read_end)
        with os.fdopen(write_end, "wb") as stream:
            stream.write(json.dumps(work(items)).encode("utf-8"))
        os._exit(0)
    except BaseException:
        os._exit(1)
