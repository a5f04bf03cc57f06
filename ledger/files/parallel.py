"""Shares a long list of work among processes, where the system can fork; knows nothing of the work.

Results come back as JSON through a pipe: nothing is unpickled. Whatever a helper fails to do is simply missing from the
result, and the caller does it again in the plain way, with its messages.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

Work = Callable[[Sequence[str]], Mapping[str, Any]]
"""Does some of the items and returns what came out for each, in JSON types."""

MOST = 4
"""More processes than this wait for the disk and for each other."""


def shared(items: Sequence[str], work: Work, *, processes: int | None = None) -> dict[str, Any]:
    """Return what `work` makes of all items, done by as many processes as there are processors, at most four."""
    count = min(processes or os.cpu_count() or 1, MOST, len(items))
    if count < 2 or sys.platform == "win32":
        return dict(work(items))
    helpers = []
    for number in range(1, count):
        try:
            helpers.append(_start(items[number::count], work))
        except (
            OSError
        ):  # no more processes allowed: the items of this share are missing, and done by the caller
            break
    done = dict(work(items[::count]))
    for process, pipe in helpers:
        with suppress(OSError, ValueError), os.fdopen(pipe, "rb") as stream:
            done.update(json.loads(stream.read()))
        with suppress(OSError):
            os.waitpid(process, 0)
    return done


def _start(items: Sequence[str], work: Work) -> tuple[int, int]:
    read_end, write_end = os.pipe()
    process = os.fork()
    if process:
        os.close(write_end)
        return process, read_end
    try:  # the helper: it must neither return nor flush what the parent has still to print
        os.close(read_end)
        with os.fdopen(write_end, "wb") as stream:
            stream.write(json.dumps(work(items)).encode("utf-8"))
        os._exit(0)
    except BaseException:
        os._exit(1)
