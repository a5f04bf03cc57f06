"""One lock per ledger, held by the operating system and so released when its process ends.

On POSIX it is `flock`, the very call that the filelock library makes, without the 20 ms its import takes (105 ms against 85 ms for a
started command, medians of 25): a fifth more for every `log`. A test proves that both exclude each other. On
Windows it is filelock, which knows that system's traps.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from ledger.core.errors import ExternalError, reason_of

PATIENCE = 60.0
"""Seconds to wait: a hundred logs before us take some two seconds."""
_STEP = 0.005


class LockBusyError(ExternalError):
    """Somebody else keeps the lock."""

    def __init__(self, holder: str, seconds: float) -> None:
        super().__init__(
            f"账本正被占用，等了 {seconds:.0f} 秒还没有轮到：{holder}；这次什么也没有记下",
            "等它结束后再试；若它卡住了，请先关掉它的窗口",
        )


class LockUnusableError(ExternalError):
    """The lock file cannot be made or opened."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"不能锁住账本：打不开 {path}（{reason}）；这次什么也没有记下",
            "检查文件夹是否只读、磁盘是否已满、是否属于您",
        )


class Lock:
    """A lock on the file at `path`. `holder` tells who has it, `interrupted` may raise while waiting."""

    def __init__(
        self,
        path: Path,
        *,
        holder: Callable[[], str],
        interrupted: Callable[[], None],
        patience: float = PATIENCE,
    ) -> None:
        self._path = path
        self._holder = holder
        self._interrupted = interrupted
        self._patience = patience
        self._release: Callable[[], None] | None = None

    def __enter__(self) -> Lock:
        started = time.monotonic()
        try:
            self._path.parent.mkdir(exist_ok=True)
            while (release := _try(self._path)) is None:
                self._interrupted()
                if time.monotonic() - started > self._patience:
                    raise LockBusyError(self._holder(), self._patience)
                time.sleep(_STEP)
        except OSError as error:
            raise LockUnusableError(self._path, reason_of(error)) from None
        self._release = release
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._release:
            self._release()


if sys.platform == "win32":  # pragma: no cover

    def _try(path: Path) -> Callable[[], None] | None:
        from filelock import FileLock, Timeout

        lock = FileLock(path)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return None
        return lock.release

else:
    import fcntl

    def _try(path: Path) -> Callable[[], None] | None:
        """Take the lock and return what releases it, or `None` when somebody else has it.

        The file stays behind: removing it would let two processes lock two files of one name.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        return lambda: os.close(descriptor)
