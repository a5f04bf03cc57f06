"""Asks git in a thread while the program goes on loading what the answer is for, which takes longer than git does."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """A value that is computed in a thread from now on; `result` waits for it.

    What the computation raises is raised by `result`, where the value is needed, and nowhere when it is not asked for.
    """

    def __init__(self, compute: Callable[[], T]) -> None:
        self._compute = compute
        self._values: list[T] = []
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def result(self) -> T:
        """Return the value.

        Raises:
            BaseException: whatever the computation raised.
        """
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._values[0]

    def _run(self) -> None:
        try:
            self._values.append(self._compute())
        except BaseException as error:
            self._error = error
