"""Progress bar for long work, on a terminal only.

It appears on the standard error after a second and is removed at the end: quick answers have nothing above them, and
nothing is written to a pipe or a log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING

from ledger.environment import Environment

if TYPE_CHECKING:
    from rich.progress import Progress

DELAY = 1.0
Step = Callable[[int, int], None]
"""Told how much of how much is done."""


@contextmanager
def waiting(env: Environment, title: str, *, still: bool = False, delay: float = DELAY) -> Iterator[Step]:
    """Show a bar while the block runs; the function given tells it how far the work is.

    `still` draws nothing before the first step: for work at whose beginning somebody else, as ssh, may ask for a password.
    """
    if not env.stderr.isatty():
        yield lambda _done, _all: None
        return
    bar = _Bar(env, title, still=still)
    timer = Timer(delay, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar.step
    finally:
        timer.cancel()
        bar.leave()


class _Bar:
    """A bar that may not have come yet, and does not come when the work is over."""

    def __init__(self, env: Environment, title: str, *, still: bool) -> None:
        self.env, self.title, self.still = env, title, still
        self.lock = Lock()
        self.done, self.all = 0, 0
        self.shown = self.over = False
        self.progress: Progress | None = None

    def show(self) -> None:
        with self.lock:
            if self.over:
                return
            self.shown = True
            if self.still:
                print(f"{self.title}……", file=self.env.stderr, flush=True)
            else:
                self._start()

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[how_far]}"),
            TimeElapsedColumn(),
            console=Console(file=self.env.stderr, markup=False, emoji=False),
            transient=True,
        )
        self.progress.add_task(f"{self.title}……", total=None, how_far="")
        self.progress.start()
        self._tell()

    def step(self, done: int, everything: int) -> None:
        with self.lock:
            self.done, self.all, self.still = done, everything, False
            if self.shown and self.progress is None and not self.over:
                self._start()
            self._tell()

    def leave(self) -> None:
        with self.lock:
            self.over = True
            if self.progress is not None:
                self.progress.stop()

    def _tell(self) -> None:
        if self.progress is not None and self.all:
            how_far = f"{self.done}/{self.all}"
            self.progress.update(
                self.progress.task_ids[0], completed=self.done, total=self.all, how_far=how_far
            )
